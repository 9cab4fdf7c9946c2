"""Liquid: SPEC §5.4."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.config.slices import Page
from feeder.normalise.liquid import resolve

_PAGE = Page("https://e.org/base", "/:year/:month/:day/:title.html", ZoneInfo("Asia/Shanghai"))
_ROOT = Page("https://e.org", "", ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("no liquid { % } here", "no liquid { % } here"),
        ("{{ site.url }}{{site.baseurl}}/a", "https://e.org/base/a"),
        ("{{- site.url -}}", "https://e.org"),
        ("{{ site.baseurl\n}}/a", "/base/a"),
        ('{{ "/a b/c" | relative_url }}', "/base/a%20b/c"),
        ("{{ 'a' | relative_url }}", "/base/a"),
        ('{{ "/a" | absolute_url }}', "https://e.org/base/a"),
        ('{{ "/" | url }}', "/base/"),
        ('{{ "/中" | url }}', "/base/%E4%B8%AD"),
        ('{{ "https://x.example/" | relative_url }}', "https://x.example/"),
        ('{{ "https://x.example/" | absolute_url }}', "https://x.example/"),
        ('{{ "#a" | url }}', "#a"),
        ('{{ site.baseurl }}{{ "/a" | relative_url }}', "/base/a"),
        ('{{ site.baseurl }} {{ "/a" | relative_url }}', "/base /base/a"),
        ("{{ '/a.png' | prepend: site.baseurl | prepend: site.url }}", "https://e.org/base/a.png"),
        ('{{ site.url | append: "/a" | append: ".png" | escape }}', "https://e.org/a.png"),
        ('{{ "a {% b %}" }}', "a {% b %}"),
        ('{{ "" }}', ""),
        ('{{ "ann-lee" | team_link }}', "ann-lee"),
    ],
)
def test_the_sites_addresses_are_filled_in(text: str, resolved: str) -> None:
    """`site.url` is scheme and host, `site.baseurl` the path; the filters put them before a path, never twice."""
    assert resolve(text, _PAGE).text == resolved
    assert resolve(text, _PAGE).dropped == ()


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("{% post_url 2020-02-03-a-b %}", "/base/2020/02/03/a-b.html"),
        ("{{ site.baseurl }}{% post_url 2020-02-03-a-b %}", "/base/2020/02/03/a-b.html"),
        ("{% post_url folder/2020-02-03-a-b.md %}", "/base/2020/02/03/a-b.html"),
        ("{%- link _posts/2020-02-03-a-b.md -%}", "/base/2020/02/03/a-b.html"),
        ("{{site.baseurl}}{% link /assets/a b.pdf %}", "/base/assets/a%20b.pdf"),
        ("{% link news/index.html %}", "/base/news/"),
        ("{% link _notes/a.markdown %}", "/base/notes/a.html"),
        ("{% link /assets/2020-02-03-report.pdf %}", "/base/assets/2020-02-03-report.pdf"),
        ("{% link 'about.md' %}", "/base/about.html"),
    ],
)
def test_links_to_posts_and_files_become_their_addresses(text: str, resolved: str) -> None:
    """A post's page is known by its file's name; other files stand at their path, pages with `.html`."""
    assert resolve(text, _PAGE).text == resolved


@pytest.mark.parametrize(
    "tag",
    [
        "post_url 2020-02-31-no-such-day",
        "post_url undated",
        "link _posts/undated.md",
        "link /news/_posts/undated.md",
        "link _posts/2020-02-31-no-such-day.md",
        "link _drafts/a.md",
        "link _includes/a.html",
        "link _config.yml",
    ],
)
def test_a_link_to_what_has_no_page_is_dropped(tag: str) -> None:
    """Where Jekyll would find no page, or none whose date is known, no address is made up."""
    resolved = resolve(f"[a]({{% {tag} %}})", _PAGE)
    assert resolved.text == "[a]()"
    assert resolved.dropped == ((tag.split(maxsplit=1)[0], 1),)


def test_without_pages_a_post_is_at_the_sites_address() -> None:
    """Where posts have no pages, a link to one leads to the site."""
    assert resolve("[a]({% post_url 2020-02-03-a %})", _ROOT).text == "[a](/)"


_IMG = '<img src="https://e.org/base/{}" alt="{}"><!---->'


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ('{% image "a/b.png" "A cat" %}', _IMG.format("a/b.png", "A cat")),
        ('{% image "/a b.png", "A cat" %}', _IMG.format("a%20b.png", "A cat")),
        ("{% image 'a.png' %}", _IMG.format("a.png", "")),
        ('{% image "a.png" "wide" "A cat" %}', _IMG.format("a.png", "A cat")),
        ('{% image_with_class "a.png" "wide" "A cat" %}', _IMG.format("a.png", "A cat")),
        ('{% image "a.png" "He said: "a cat", twice" %}', _IMG.format("a.png", "He said: &quot;a cat&quot;, twice")),
        ('{% image "a.png" "a | b &ldquo;c&rdquo; < d\ne" %}', _IMG.format("a.png", "a &#124; b “c” &lt; d e")),
        (
            '{{ "https://video.example/embed/x" | embed: "A talk" }}',
            '<!----><iframe src="https://video.example/embed/x" title="A talk"></iframe>',
        ),
        (
            "{{ 'https://video.example/embed/x' | embed }}",
            '<!----><iframe src="https://video.example/embed/x"></iframe>',
        ),
    ],
)
def test_tags_that_show_a_picture_become_one(text: str, resolved: str) -> None:
    """Images with their alternative text, embedded videos as a frame to be repaired."""
    assert resolve(text, _PAGE).text == resolved


@pytest.mark.parametrize(
    "text",
    [
        "`{{ page.title }}` and ``{% if `a` %}``",
        "```\n{{ page.title }}\n```",
        "~~~ liquid\n{% if %}\n```\n~~~~",
        "````\n```\n{{ a }}\n```\n````",
        "> ```\n> {{ a }}\n> ```",
        "- ```\n  {{ a }}\n  ```",
        "```\n{{ a }}",
        "<pre>{{ a }}</pre>",
        '<CODE class="x">{% a %}</CODE>',
        "<script>{{ a }}</script>",
        "{{{ a }}}",
        "{{ a",
        "{{ a {{ b",
        "{% a",
        "{{ a\n\nb }}",
        "{% a\n\nb %}",
        "{{ a" + " " * 3000 + "}}",
        "{%!s(bool=false)}} and %}",
        "{% %}{{ }}",
        "{{ a + b }}",
        "\\{{ ; }}",
    ],
)
def test_code_and_what_is_no_liquid_keep_their_braces(text: str) -> None:
    """Fences, code spans, elements of code, and braces that Liquid could not mean, stay as written."""
    assert resolve(text, _PAGE) == resolve("", _PAGE).__class__(text)


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("{% raw %}{{ a }} {% b %}{% endraw %}", "{{ a }} {% b %}"),
        ("{%raw%}`{%endraw%} {{ site.url }}", "` https://e.org"),
        ("`{% raw %}{{{% endraw %} x }}`", "`{{ x }}`"),
        ("```\n{% raw %}{{ a }}{% endraw %}{{ b }}\n```\n{{ site.url }}", "```\n{{ a }}{{ b }}\n```\nhttps://e.org"),
        ("```\n{% raw %}\n{{ a }}\n```\n{% endraw %}{{ site.url }}", "```\n\n{{ a }}\n```\nhttps://e.org"),
        ("```\n{% raw %}\n```", "```\n{% raw %}\n```"),
        ("a{% comment %}{{ b }} {% c %}{% endcomment %}d", "ad"),
        ("\\`{{ site.url }}`", "\\`https://e.org`"),
        ("\\\\`{{ site.url }}`", "\\\\`{{ site.url }}`"),
        ("`a\n\n{{ site.url }}`", "`a\n\nhttps://e.org`"),
        ("`a`` {{ site.url }}", "`a`` https://e.org"),
        ("``` `{{ site.url }}` ```", "``` `{{ site.url }}` ```"),
        ("<ſcript>{{ site.url }}</script>", "<ſcript>https://e.org</script>"),
        ("<pre> {{ site.url }}", "<pre> https://e.org"),
        ("```\na\n```\n{{ site.url }}", "```\na\n```\nhttps://e.org"),
    ],
)
def test_raw_is_kept_and_comments_go(text: str, resolved: str) -> None:
    """What stands in `raw` is verbatim, in code too; comments go whole; where code ends, Liquid is resolved again."""
    assert resolve(text, _PAGE).text == resolved
    assert resolve(text, _PAGE).dropped == ()


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("{% highlight ruby %}\na < b\n\n  c\n{% endhighlight %}", "<pre><code>a &lt; b&#10;&#10;  c</code></pre>\n"),
        ("x\n  {% highlight a-b %}\n  a\n    b\n  {% endhighlight %}y", "x\n  <pre><code>a&#10;  b</code></pre>\ny"),
        ("x {% highlight a %}b{% endhighlight %}", "x \n<pre><code>b</code></pre>\n"),
        (
            "{% highlight a %}{% raw %}{{ a }}{% endraw %}{{ b }}{% endhighlight %}",
            "<pre><code>{{ a }}{{ b }}</code></pre>\n",
        ),
        ("y" * 200 + "{% highlight a %}b{% endhighlight %}", "y" * 200 + "\n<pre><code>b</code></pre>\n"),
    ],
)
def test_highlighted_code_is_a_block_of_code(text: str, resolved: str) -> None:
    """`highlight` becomes `<pre><code>` on one line, escaped, without the indentation of the tag."""
    assert resolve(text, _PAGE).text == resolved


def test_other_liquid_is_dropped_and_counted() -> None:
    """Unknown tags, variables and filters go; each is counted by its name."""
    text = "{% for a in b %}{{ a.name }}{% endfor %}{{ page.title }}{{ page.title | escape }}{{ 'x' | asset }}"
    text += (
        "{{ 'a' | append: nothing }}{{ 'a' | embed }}{% include nav.html %}{% image %}{% raw %}{% comment %}{% link %}"
    )
    resolved = resolve(text, _PAGE)
    assert resolved.text == ""
    assert dict(resolved.dropped) == {
        "a.name": 1,
        "append": 1,
        "asset": 1,
        "comment": 1,
        "embed": 1,
        "endfor": 1,
        "for": 1,
        "image": 1,
        "include": 1,
        "link": 1,
        "page.title": 2,
        "raw": 1,
    }
    assert list(resolved.dropped) == sorted(resolved.dropped)


def test_an_include_is_dropped_whatever_it_is_given() -> None:
    """What an include shows is not known, even where it is given an image."""
    resolved = resolve('a {% include "figure.html",\n  image: "/a.png",\n  alt: "A cat" %} b', _PAGE)
    assert resolved.text == "a  b"
    assert resolved.dropped == (("include", 1),)


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("<div>\n\t{{ 's' | team_photo }}\n\t<p>x</p>\n</div>", "<div>\n\t<p>x</p>\n</div>"),
        ("<table>\n{% if a %}\n  <tr>\n{% endif %} \t\n</table>", "<table>\n  <tr>\n</table>"),
        ("* a\n{% if b %} {{ c }}{% endif %}\n* d", "* a\n* d"),
        ("a\n{% include b.html\n   c='d' %}\ne", "a\ne"),
        ("a\n{% comment %}\n\nb\n{% endcomment %}\nc", "a\nc"),
        ("a\n{% if b %}", "a\n"),
        ("{% if b %}\n\na", "\na"),
        ("{% if b %}\n{% if c %}\na", "a"),
        ("a\n\n{% if b %}\n\nc", "a\n\n\nc"),
        ("a\n {% if b %} c\nd", "a\n  c\nd"),
        ("a {{ b }}\nc", "a \nc"),
        ("a\n{{ '' }}\nb", "a\n\nb"),
        ("a\n{% if b %}\n---\n", "a\n\n---\n"),
        ("a\n{% if b %}\n{% if c %}\n  ==  \n", "a\n\n  ==  \n"),
        ("a\n{% if b %}\n- c", "a\n- c"),
        ("a\n{% if b %}\n-", "a\n\n-"),
    ],
)
def test_a_line_that_holds_nothing_but_what_is_dropped_goes_whole(text: str, resolved: str) -> None:
    """It leaves no blank line, which would mean something; but a rule does not come to underline the line before."""
    assert resolve(text, _PAGE).text == resolved


def test_what_is_captured_is_not_shown() -> None:
    """`capture` is dropped with what it holds, for Jekyll shows it elsewhere; it is counted once."""
    resolved = resolve("a{% capture b %}\n{{ c }}\n\nd\n{%- endcapture -%}e {% capture f %}g", _PAGE)
    assert resolved.text == "ae g"
    assert resolved.dropped == (("capture", 2),)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{{ a }}", 0),
        ("a\n\nb {{ site.url }}\n{% raw %}{{ c }}\n{% endraw %} {% d %}\n{{ e }}", 4),
        ("a\n{{ site.url }}", 0),
        ("a", 0),
    ],
)
def test_the_line_of_the_first_that_is_dropped_is_known(text: str, line: int) -> None:
    """A problem can name the line, counted from 0."""
    assert resolve(text, _PAGE).line == line


_PIECES = st.sampled_from(
    [
        *"{{ }} {% %} ` `` raw endraw highlight endhighlight comment endcomment x | url".split(),
        *"<pre> </pre> site.url image - \\ 中".split(),
        *("\n```\n", "\n\n", "\n", " ", '"a"'),
    ]
)


@given(st.lists(_PIECES, max_size=25).map("".join))
def test_any_text_is_resolved(text: str) -> None:
    """Whatever order braces and code come in, nothing fails, and text without braces of Liquid comes back."""
    resolved = resolve(text, _PAGE)
    assert resolve(text.replace("{", "("), _PAGE).text == text.replace("{", "(")
    assert sum(count for _, count in resolved.dropped) <= text.count("{")


def test_the_agencys_posts_are_resolved(corpus: Callable[[str], Path]) -> None:
    """In 509 real posts every image, address and raw is resolved; what is dropped shows people and figures."""
    dropped: dict[str, int] = {}
    images = 0
    for file in corpus("agency").rglob("*.md"):
        text = file.read_text("utf-8")
        body = text[text.index("\n---", 3) + 4 :]
        resolved = resolve(body, _PAGE)
        outside = re.sub(r"(?ms)^```.*?^```|<pre>.*?</pre>|`+[^`]+`+", "", resolved.text)
        assert not re.search(r"\{% *(?:image|include|raw|post_url)|\{\{ *(?:site|\")", outside), file.name
        assert resolved.text.count('"https://e.org/base/assets/') >= len(re.findall(r"\{% *image", body)), file.name
        images += len(re.findall(r"\{% *image", body))
        for name, count in resolved.dropped:
            dropped[name] = dropped.get(name, 0) + count
    assert images == 416
    assert dropped == {"team_photo": 211, "image": 8, "include": 22, "page.image": 1, "page.excerpt": 1}
