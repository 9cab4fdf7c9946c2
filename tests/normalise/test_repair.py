from __future__ import annotations

import pytest
from hypothesis import given

from feeder.config.slices import Sanitizer
from feeder.normalise.repair import first_image, repair, video_thumbnail
from feeder.normalise.sanitise import clean
from tests.normalise.attacks import ATTACKS, BODIES, dangers

BASE = "https://example.org/a/b"
A = "https://example.org/a/"
ID = "Gh2eykOHyOE"
GIF = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP"
THUMBNAIL = f"https://i.ytimg.com/vi/{ID}/hqdefault.jpg"
PLAYED = f'<a href="https://www.youtube.com/watch?v={ID}"><img src="{THUMBNAIL}" alt="{{}}"></a>'
YOUTUBE = PLAYED.format("www.youtube.com")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("<p>a <b>b</p>", "<p>a <b>b</p>"),
        ("<img src=x>", "<img src=x>"),
        ("<img src=x srcset='y 2x' data-orig-file=z>", "<img src=x srcset='y 2x' data-orig-file=z>"),
        ("a<img>b<img src=''>c<img src=about:blank>d", "abcd"),
        (f"<img src='{GIF}'>", ""),
        ("<img src='javascript:1'>", ""),
        ("<img src=//h/x>", "<img src=//h/x>"),
        (f"<img src='{GIF}' data-src=x alt='&quot;<'>", f'<img alt="&quot;&lt;" src="{A}x">'),
        ("<img src=p.gif data-src=x>", f'<img src="{A}x">'),
        ("<img data-lazy-src=x alt=''>", f'<img alt="" src="{A}x">'),
        ("<img data-original=x>", f'<img src="{A}x">'),
        ("<img data-orig-file=x>", f'<img src="{A}x">'),
        ("<img data-cfsrc=x>", f'<img src="{A}x">'),
        ("<img src=p data-src='javascript:1'>", f'<img src="{A}p">'),
        ("<img data-srcset='x 1x'>", f'<img src="{A}x" srcset="{A}x 1x">'),
        ("<img src=p data-lazy-srcset='x 1x'>", f'<img src="{A}p" srcset="{A}x 1x">'),
        (f"<img src=x srcset='{GIF}'>", f'<img src="{A}x">'),
        ("<img srcset='x 2x, y'>", f'<img src="{A}x" srcset="{A}x 2x, {A}y">'),
        ("<img class='lazyload z' src=x>", f'<img class="lazyload z" src="{A}x">'),
        ("<img data-src=x '<b=c>", f'<img src="{A}x">'),
        ("</img>", "</img>"),
        # Twins.
        ("<img data-src=x>\n<noscript><img src=y></noscript>z", "\n<img src=y>z"),
        ("<noscript><img src=y></noscript>\n<img data-src=x>z", "<img src=y>\nz"),
        ("<img src=p class=lazy><noscript><a><img src=y></a></noscript>", "<img src=y>"),
        (
            "<img data-cfsrc=a> <noscript><img src=b data-lazy-src=c></noscript> <noscript><img src=d></noscript>",
            "  <img src=d>",
        ),
        (
            "<img data-src=a><noscript><img src=b></noscript><img data-src=c><noscript><img src=d></noscript>",
            "<img src=b><img src=d>",
        ),
        (
            "<noscript><img src=b></noscript><img data-src=a><noscript><img src=d></noscript><img data-src=c>",
            "<img src=b><img src=d>",
        ),
        ("<noscript><img src=a></noscript><img src=b>", "<img src=a><img src=b>"),
        ("<noscript><img src=a></noscript>x<img data-src=b>", f'<img src=a>x<img src="{A}b">'),
        ("<img src=a><noscript><img src=b></noscript>", "<img src=a><img src=b>"),
        ("<img src=a><noscript><img src=a></noscript>", "<img src=a>"),
        ("<div><img data-src=a></div><noscript><img src=a></noscript>", f'<div><img src="{A}a"></div>'),
        ("<img data-src=a><noscript><img src=data:x></noscript>", f'<img src="{A}a">'),
        ("<noscript><img src=//h/t width=1 height=1></noscript>", ""),
        ("<noscript><p>x</p></noscript>y", "y"),
        ("<noscript><img src=x>", "<noscript><img src=x>"),
        # Pictures.
        ("<picture><source srcset=x><img src=y></picture>", "<picture><source srcset=x><img src=y></picture>"),
        (
            "<picture><source data-srcset='x 1x'><source srcset=z><img></picture><img>",
            f'<picture><source srcset="{A}x 1x"><source srcset=z><img src="{A}x"></picture>',
        ),
        ("<picture><source srcset='data:x'></picture>", "<picture></picture>"),
        # Players.
        (f"<iframe src='//www.youtube.com/embed/{ID}?rel=0' width=8></iframe>x", f"{YOUTUBE}x"),
        (
            f"<iframe src='https://www.youtube-nocookie.com/embed/{ID}' title='A &lt; B'></iframe>",
            PLAYED.format("A &lt; B"),
        ),
        (f"<iframe data-src='https://youtu.be/{ID}' src=about:blank></iframe>", YOUTUBE),
        (
            "<iframe src='https://player.vimeo.com/video/42?h=ab1'></iframe>",
            '<a href="https://vimeo.com/42/ab1">vimeo.com</a>',
        ),
        ("<iframe src='//player.vimeo.com/video/42?x=1'></iframe>", '<a href="https://vimeo.com/42">vimeo.com</a>'),
        (
            "<iframe src='https://www.youtube.com/embed/videoseries?list=PL1'></iframe>",
            '<a href="https://www.youtube.com/playlist?list=PL1">www.youtube.com</a>',
        ),
        (
            "<iframe src='https://player.bilibili.com/player.html?aid=1&bvid=BV1x'></iframe>",
            '<a href="https://www.bilibili.com/video/BV1x">www.bilibili.com</a>',
        ),
        (
            "<iframe src='https://open.spotify.com/embed/track/4x'></iframe>",
            '<a href="https://open.spotify.com/track/4x">open.spotify.com</a>',
        ),
        (
            "<iframe src='https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b&amp;x=1'></iframe>",
            '<a href="https://soundcloud.com/a/b">soundcloud.com</a>',
        ),
        ("<iframe src='/f?x=1&y' title=' a\n b'>z</iframe>", '<a href="https://example.org/f?x=1&amp;y">a b</a>'),
        ("<iframe src='https://h.example/f'>", '<a href="https://h.example/f">h.example</a>'),
        ("<iframe src='https://h.example/f'><p>x", '<a href="https://h.example/f">h.example</a><p>x'),
        ("<iframe></iframe><iframe src=about:blank></iframe><iframe src='javascript:1'></iframe>", ""),
        ("<iframe src='https://h.example/count' width=0 height=0></iframe>", ""),
        (
            "<noscript><iframe src='https://h.example/f'></iframe></noscript>",
            '<a href="https://h.example/f">h.example</a>',
        ),
        ("<noscript><iframe src='https://h.example/f' height='1px'></iframe></noscript>", ""),
        (f"<embed src='http://www.youtube.com/v/{ID}&hl=en'>", YOUTUBE),
        (
            f"<object><param><embed src='//youtube.com/v/{ID}'></object>x",
            f"{YOUTUBE}<object><param><embed src='//youtube.com/v/{ID}'></object>x",
        ),
        ("<object data=x.pdf>y</object>", f'<a href="{A}x.pdf">example.org</a><object data=x.pdf>y</object>'),
        (
            "<object data=x><embed src=y></object>",
            f'<a href="{A}x">example.org</a><object data=x><a href="https://example.org/a/y">example.org</a></object>',
        ),
        # Media lose their controls, so a link follows.
        ("<video src='v%20w.mp4'>x</video>", f"<video src='v%20w.mp4'>x</video> <a href=\"{A}v%20w.mp4\">v w.mp4</a>"),
        (
            "<audio><source src=a.mp3><source src=b></audio>",
            f'<audio><source src=a.mp3><source src=b></audio> <a href="{A}a.mp3">a.mp3</a>',
        ),
        (
            "<audio src=https://h.example/></audio>",
            '<audio src=https://h.example/></audio> <a href="https://h.example/">h.example</a>',
        ),
        ("<video><source></video></video>", "<video><source></video></video>"),
    ],
)
def test_repair(html: str, expected: str) -> None:
    """Images and players get a form that needs no script; all else is left as it was."""
    assert repair(html, BASE) == expected


def test_without_base_a_relative_image_is_none() -> None:
    """Where nothing says what a reference is relative to, it is no source."""
    assert repair("<img src=x><img src=https://h.example/y>", "") == "<img src=https://h.example/y>"


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_gain_nothing_by_repair(attack: str) -> None:
    """What was repaired is cleaned as well as anything else."""
    for sanitizer in Sanitizer:
        assert dangers(clean(repair(attack, BASE), BASE, sanitizer)) == []


@given(BODIES)
def test_repaired_markup_is_cleaned_and_has_no_image_without_source(html: str) -> None:
    """No image without a source outlives repair and cleaning, whatever the markup."""
    cleaned = clean(repair(html, BASE), BASE, Sanitizer.NH3)
    assert dangers(cleaned) == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"https://youtu.be/{ID}?t=1", True),
        (f"https://www.youtube.com/watch?x=1&v={ID}#t=2", True),
        (f"http://m.youtube.com/shorts/{ID}", True),
        (f"https://www.youtube-nocookie.com/embed/{ID}", True),
        (f"https://www.youtube.com/watch?v={ID}x", False),
        ("https://www.youtube.com/watch?v=short", False),
        ("https://www.youtube.com/channel/x", False),
        ("https://www.youtube.com/embed/videoseries?list=x", False),
        (f"https://example.org/youtube.com/embed/{ID}", False),
        (f"https://youtube.com.example.org/embed/{ID}", False),
        (f"//youtu.be/{ID}", False),
        ("https://vimeo.com/42", False),
        ("", False),
    ],
)
def test_video_thumbnail(url: str, expected: bool) -> None:
    """The picture of a YouTube video is known from its address, and of other pages none."""
    assert video_thumbnail(url) == (THUMBNAIL if expected else "")


def test_thumbnail_of_dailymotion() -> None:
    """Dailymotion has addresses for its pictures, too."""
    found = video_thumbnail("https://www.dailymotion.com/embed/video/x1")
    assert found == "https://www.dailymotion.com/thumbnail/video/x1"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("<p>x</p>", ""),
        ("<img><img src='https://h.example/?a&amp;b'><img src='https://h.example/2'>", "https://h.example/?a&b"),
        ("<img src='https://h.example/1' width='1'><img src='https://h.example/2' width='10'>", "https://h.example/2"),
    ],
)
def test_first_image(html: str, expected: str) -> None:
    """The first image that is more than a pixel is an entry's."""
    assert first_image(html) == expected
