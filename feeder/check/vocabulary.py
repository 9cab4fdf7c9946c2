"""What HTML has, and what of it may stand in a feed: allow-lists, kept as data in one place."""

from __future__ import annotations

SAFE_ELEMENTS = frozenset(
    """a abbr acronym address area article aside audio b bdi bdo big blockquote br caption center cite code col
    colgroup data dd del details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr
    i img ins kbd li main map mark meter nav nobr ol p picture pre progress q rb rp rt rtc ruby s samp search section
    small source span strike strong sub summary sup table tbody td tfoot th thead time tr track tt u ul var video
    wbr""".split()
)
"""What only shows something."""

OTHER_ELEMENTS = frozenset(
    """applet base basefont bgsound blink body button canvas command datalist dialog embed fencedframe fieldset form
    frame frameset head html iframe image input isindex keygen label legend link listing marquee math menu menuitem
    meta noembed noframes noscript object optgroup option output param plaintext portal script select selectedcontent
    slot style svg template textarea title xmp""".split()
)
"""What HTML has, or had, besides: it runs, loads, submits, or changes how what is around it is read."""

SAFE_ATTRIBUTES = frozenset(
    """abbr accept accesskey align alt axis bgcolor border cellpadding cellspacing char charoff charset checked cite
    class clear color cols colspan compact controls coords crossorigin datetime decoding default dir disabled download
    draggable face fetchpriority frame frameborder headers height hidden high href hreflang hspace id ismap itemid
    itemprop itemref itemscope itemtype kind label lang language list longdesc loading loop low max maxlength media min
    muted name noshade nowrap open optimum placeholder playsinline poster preload readonly referrerpolicy rel rev
    reversed role rows rowspan rules scope scrolling shape size sizes span spellcheck src srclang srcset start summary
    tabindex target title translate type usemap valign value vspace width wrap xml:lang xmlns""".split()
)
"""What only says how or what; `data-…` and `aria-…` besides."""

URL_ATTRIBUTES = frozenset("cite href longdesc poster src".split())
"""What holds one reference; `srcset` holds several."""

SAFE_SCHEMES = frozenset("ftp ftps geo http https irc ircs magnet mailto news nntp sip sips sms tel xmpp".split())
"""The schemes of addresses that a reader may open."""

VOID_ELEMENTS = frozenset("area base br col embed hr img input link meta param source track wbr".split())
"""What has no end tag (HTML §13.1.2)."""

OPTIONAL_ENDS = frozenset(
    "p li dt dd rb rt rtc rp optgroup option colgroup caption thead tbody tfoot tr td th body head html".split()
)
"""What may be left open (HTML §13.1.2.4)."""

RAW_ELEMENTS = frozenset("iframe math noembed noframes noscript plaintext script style svg textarea title xmp".split())
"""What holds text alone, whatever it looks like, up to its own end tag (HTML §13.2.6), or what is no HTML."""

SAFE_STYLES = frozenset(
    """background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width
    border-collapse border-color border-left border-right border-spacing border-style border-top border-width clear
    color display float font font-family font-size font-style font-variant font-weight height letter-spacing
    line-height list-style-type margin margin-bottom margin-left margin-right margin-top max-height max-width
    object-fit padding padding-bottom padding-left padding-right padding-top text-align text-decoration text-indent
    vertical-align white-space width word-break word-wrap overflow-wrap""".split()
)
"""Properties that change how the entry looks, and nothing around it."""

TEXT_ENTITIES = frozenset(
    "amp apos copy gt hellip laquo ldquo lsquo lt mdash nbsp ndash quot raquo rdquo rsquo".split()
)
"""Named references that nobody writes in a text but by mistake."""
