"""Attack strings of our own, and an oracle for what came out: an independent parser, no code of feeder."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.judging.markup import _tree_faults, markup_faults

# Where parsers disagree, and where the second parse differs from the first.
ATTACKS = (
    # Mutation: what is raw text to one parser is markup to the next.
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<noscript><!-- </noscript><img src=x onerror=alert(1)> -->",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "<svg><title><img src=x onerror=alert(1)></title></svg>",
    "<svg><desc><![CDATA[</desc><img src=x onerror=alert(1)>]]></desc></svg>",
    '<svg><foreignObject><p><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math><annotation-xml encoding="text/html"><style><img src=x onerror=alert(1)></style></annotation-xml></math>',
    "<math><mi><mglyph></br><style><img src=x onerror=alert(1)></style>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<template><img src=x onerror=alert(1)></template>",
    "<template><template></template><script>alert(1)</script></template>",
    "<plaintext><img src=x onerror=alert(1)></plaintext>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<xmp></xmp><img src=x onerror=alert(1)>",
    "<title><img src=x onerror=alert(1)></title>",
    "<textarea></textarea><script>alert(1)</script>",
    "<iframe><!--</iframe><img src=x onerror=alert(1)>-->",
    "<noembed><img src=x onerror=alert(1)></noembed>",
    "<noframes><style></noframes><img src=x onerror=alert(1)></style>",
    "<select><option><style></option></select><img src=x onerror=alert(1)></style>",
    "<table><td><style><!--</style></td></table><img src=x onerror=alert(1)>-->",
    "<style><style/><img src=x onerror=alert(1)>",
    "<script><!--<script></script><img src=x onerror=alert(1)>--></script>",
    '<p><button><p><a href="javascript:1">x</a></p></button></p>',
    '<a><table><a href="javascript:1">x</a></table></a>',
    "<image src=x onerror=alert(1)>",
    "<isindex action=javascript:alert(1) type=image>",
    "<keygen autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<body onload=alert(1)>",
    '<base href="javascript:/a/">x',
    "<link rel=stylesheet href=//evil.example/x.css>",
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    "<embed src=javascript:alert(1)>",
    "<object data=javascript:alert(1)></object>",
    "<applet code=x></applet>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--!><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)>-->",
    '<!doctype x [<!ENTITY y "<img src=x onerror=alert(1)>">]>',
    '<?xml version="1.0"?><?import namespace=t implementation="#default#time2">x',
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<%<img src=x onerror=alert(1)>%>",
    # Schemes in disguise.
    '<a href="javascript:1">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="jav&Tab;ascript&NewLine;:alert(1)">x</a>',
    '<a href="&#1;javascript:alert(1)">x</a>',
    '<a href="&#x6A&#x61&#x76&#x61script:alert(1)">x</a>',
    '<a href="java\x00script:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="\u3000javascript:alert(1)">x</a>',
    '<a href="\ufeffjavascript:alert(1)">x</a>',
    '<a href=" JaVaScRiPt:alert(1)">x</a>',
    '<a href="javascript\u200b:alert(1)">x</a>',
    '<a href="vbscript:x">x</a><a href="data:text/html,<script>alert(1)</script>">y</a>',
    '<a href="file:///etc/passwd">x</a><img src="blob:https://a.example/1">',
    '<a href="view-source:https://a.example/">x</a><a href="feed:javascript:1">y</a>',
    '<a href="http:javascript:alert(1)">x</a><a href="https:alert(1)">y</a>',
    '<a href="http:///evil.example/x">x</a><a href="///evil.example/y">y</a>',
    '<a href="//evil.example/x">x</a><a href="\\\\evil.example\\x">y</a><a href="/\\evil.example">z</a>',
    '<a href="../x">x</a><a href="?q=1">y</a><a href="#f">z</a><a href="">w</a>',
    '<blockquote cite="javascript:1">x</blockquote><q cite="data:x">y</q><del cite="//h/p">z</del>',
    '<video poster="javascript:1" src="data:video/mp4,x"></video>',
    '<img src="javascript:1" srcset="javascript:1 1x, data:image/png;base64,AA,BB 2x, a.png 3x">',
    '<img srcset="data:image/svg+xml,<svg onload=alert(1)>, javascript:alert(1) 2x">',
    '<img srcset="a.png 1x,javascript:alert(1) 2x,,,">',
    '<img src="x" dynsrc="javascript:1" lowsrc="javascript:1" usemap="#m" longdesc="javascript:1" ismap>',
    '<a href="https://a.example/" ping="https://evil.example/" target=_blank download>x</a>',
    # Attributes.
    "<img src=x onerror=alert(1)//",
    '<img/src="x"/onerror="alert(1)">',
    '<img src="x`" `<script>alert(1)</script>"` `>',
    '<p style="background:url(javascript:1)" class=x id=y data-z=w slot=s is=t xml:lang=u>x</p>',
    '<p title="<script>alert(1)</script>" lang=\'"><script>alert(1)</script>\'>x</p>',
    "<p title='\"onmouseover=alert(1) x=\"'>x</p>",
    "<a href=x href=javascript:1>x</a>",
    "<p \x0bonclick=alert(1)>x</p>",
    "<p\u3000onclick=alert(1)>x</p>",
    "<script/x>alert(1)</script/y><scr\x00ipt>alert(1)</scr\x00ipt>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60script&#62alert(1)&#60/script&#62",
    "&lt;&#8;script&gt;alert(1)&lt;/script&gt;",
    "<&#8;script>alert(1)</script>",
    "\x1b[31m<b>\x08x\x85y\u2028z\ufffe</b>\ud800",
    "<pre>\n\n\n<b>x</b></pre>",
    "<pre><script></script>\n\nx</pre>",
    "<table><tr><td><table><a href=x><b><p></a><a href=y></b></p>",
    "<b><i><u><p></b></i></u>" * 3,
    '<a href="x"><div><a href="y">z',
    "<ruby><rt><p></ruby><li></rt><dd><h1><h2></h1>",
)

_NAMES = """
    a b p div span table tr td li ul svg math style script title textarea template noscript select option mtext mglyph
    desc foreignObject annotation-xml plaintext iframe img video source pre form button h1 br x
""".split()
_PIECES = (
    *(f"<{name}>" for name in _NAMES),
    *(f"</{name}>" for name in _NAMES),
    *("<!--", "-->", "--!>", "<![CDATA[", "]]>", "<!", "<?", "<", ">", '"', "'", "=", "/", " ", "\n", "\x00", "&"),
    *("&lt;", "&gt;", "&quot;", "&#60;", "&#x3c", "&amp;", "&colon;", "&Tab;", "text", "青年", "\u3000", "\x0b"),
    *(
        "<a href=",
        "<img src=",
        "<img srcset=",
        '<p title="',
        " onerror=alert(1) ",
        "javascript:1",
        "data:x,",
        "//h/",
        "\\",
    ),
)

BODIES = st.lists(st.sampled_from(_PIECES), max_size=24).map("".join)
"""Text that is markup more often than not."""


def dangers(html: str) -> list[str]:
    """Return what a browser that is given `html` should not find in it: rule 16 of SPEC §6."""
    return [str(finding) for finding in markup_faults(html, "html") if finding.rule == 16]


def title_dangers(html: str) -> list[str]:
    """Return what would do something in a page that holds a title unescaped: elements, handlers, schemes.

    An element that HTML does not know, and an attribute without value, do nothing.
    """
    found = (finding for finding in _tree_faults(html, "html") if finding.name in ("SecurityRisk", "SecurityRiskAttr"))
    return [str(finding) for finding in found if not finding.message.endswith("=''") or " has on" in finding.message]
