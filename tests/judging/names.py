"""Names that the judge's rules speak of: namespaces, media types, elements of HTML."""

from __future__ import annotations

from typing import Final

ATOM: Final = "{http://www.w3.org/2005/Atom}"
DC: Final = "{http://purl.org/dc/elements/1.1/}"
CONTENT: Final = "{http://purl.org/rss/1.0/modules/content/}"
MEDIA: Final = "{http://search.yahoo.com/mrss/}"
SY: Final = "{http://purl.org/rss/1.0/modules/syndication/}"
HISTORY: Final = "{http://purl.org/syndication/history/1.0}"
XML: Final = "{http://www.w3.org/XML/1998/namespace}"
XHTML: Final = "{http://www.w3.org/1999/xhtml}"

ATOM_TYPE: Final = "application/atom+xml"
RSS_TYPE: Final = "application/rss+xml"

# Elements that a cleaned body may hold nothing of: they run, load, submit, or change how the page around them is read.
DANGEROUS_ELEMENTS: Final = frozenset(
    """applet base basefont body button canvas dialog embed fieldset form frame frameset head html iframe input
    isindex link listing math menuitem meta noembed noframes noscript object option optgroup output param plaintext
    portal script select slot style svg template textarea title xmp""".split()
)

# What would do something where a reader takes a title for HTML.
LIVE_ELEMENTS: Final = frozenset(
    "applet base embed form frame frameset iframe link math meta object script style svg".split()
)

VOID_ELEMENTS: Final = frozenset("area base br col embed hr img input link meta param source track wbr".split())

# Every element that HTML 4 or HTML names: what is none of these is no HTML (the validator's NotHtml).
HTML_ELEMENTS: Final = DANGEROUS_ELEMENTS | frozenset(
    """a abbr acronym address area article aside audio b bdi bdo big blockquote br caption center cite code col
    colgroup data dd del details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr
    i img ins kbd label legend li main map mark marquee menu meter nav nobr ol p picture pre progress q rb rp rt rtc
    ruby s samp search section small source span strike strong sub summary sup table tbody td tfoot th thead time tr
    track tt u ul var video wbr""".split()
)

# What holds a reference, today or in a browser that is still in use.
URL_ATTRIBUTES: Final = frozenset(
    """action background cite classid codebase data dynsrc formaction href icon longdesc lowsrc manifest ping poster
    profile src usemap""".split()
)

# Attributes that carry script, style or names from outside (SPEC §5.7); `on…`, `data-…` and `a:b` besides.
DANGEROUS_ATTRIBUTES: Final = frozenset(
    """action autofocus background class classid codebase content contenteditable data dynsrc formaction form
    http-equiv id is lowsrc manifest ping slot srcdoc""".split()
)

# Inside these, text that looks like markup is what the author shows.
CODE_ELEMENTS: Final = frozenset("code pre kbd samp tt".split())
