"""Forty commits as they happen to a blog: names, titles, dates, bodies, addresses change, and posts come and go."""

from __future__ import annotations

import os

from tests.history.repository import Repository


def tell(blog: Repository) -> None:
    """Commit the story to a repository of at least 24 posts, numbered from 0: 40 commits with the one that began it."""
    _names(blog)
    _words(blog)
    _comings_and_goings(blog)
    _both_at_once(blog)


def _names(blog: Repository) -> None:
    blog.rename(0, "posts/a-better-name.md")
    blog.commit("Rename a post")
    blog.rename(1, "posts/archive/" + os.path.basename(blog.paths[1]))
    blog.commit("Move a post to another folder")
    for number in range(2, 12):
        blog.rename(number, f"posts/2014/{os.path.basename(blog.paths[number])}")
    blog.commit("Move many posts to another folder")
    for number in range(2, 6):
        blog.rename(number, f"posts/2014/renamed-{number}.md")
    blog.commit("Rename several posts at once")
    blog.rename(0, "posts/the-best-name.md")
    blog.commit("Rename a post again")
    first, second = blog.paths[12], blog.paths[13]
    blog.rename(12, "posts/between.md")
    blog.rename(13, first)
    blog.rename(12, second)
    blog.commit("Let two posts change their names")
    blog.rename(14, f"posts/{os.path.basename(blog.paths[14]).removesuffix('.md')}/index.md")
    blog.commit("Give a post a folder of its own")
    blog.rename(15, blog.paths[15].removesuffix(".md") + ".markdown")
    blog.commit("Use another suffix")
    blog.configure("https://www.example.net")
    blog.commit("The site has another address, and the id that it had")


def _words(blog: Repository) -> None:
    blog.retitle(0, "A better title")
    blog.commit("Retitle a post", edited=[0])
    blog.edit(1, "This was wrong: the meeting is on Thursday.")
    blog.commit("Edit a post", edited=[1])
    for number in (2, 3, 16):
        blog.edit(number, "See also the other one.")
    blog.commit("Edit several posts", edited=[2, 3, 16])
    blog.redate(16, "2015-02-03T10:30:00-05:00")
    blog.commit("Mend a date")
    blog.retitle(17, "Another title, too")
    blog.edit(17, "And other words.")
    blog.commit("Retitle and edit a post", edited=[17])
    blog.change(18, r"^title:", "tags: [harbour, weather]\ntitle:")
    blog.commit("Tag a post")
    blog.change(19, r"^title:", "nonsense: 1\ntitle:")
    blog.commit("Say something in front matter that nobody reads")
    place = blog.folder / blog.paths[20]
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    blog.commit("Save a post with other ends of lines")
    blog.change(21, r"\.\n\Z", ".\n\n\n\n")
    blog.commit("Leave lines at the end of a post")
    blog.edit(1, "It was on Friday after all.")
    blog.commit("Edit a post again", edited=[1])
    blog.git("revert", "--no-edit", "HEAD")
    blog.note("Take an edit back", edited=[1])


def _comings_and_goings(blog: Repository) -> None:
    blog.post(100, "posts/new.md", "Something new.", title="New", date="2016-01-01T10:00:00Z")
    blog.commit("Write a post", new=[100])
    path = blog.paths[22]
    blog.delete(22)
    blog.commit("Delete a post", gone=[22])
    blog.git("revert", "--no-edit", "HEAD")
    blog.paths[22] = path
    blog.note("Take a deletion back")
    blog.delete(100)
    blog.commit("Delete the new post", gone=[100])
    blog.post(101, "posts/new.md", "Something else.", title="Newer", date="2016-02-02T10:00:00Z")
    blog.commit("Write another post under its name", new=[101])
    blog.post(100, "posts/newer.md", "Something new.", title="New", date="2016-01-01T10:00:00Z")
    blog.commit("Bring the first one back under another name")
    blog.change(6, r"^title:", "draft: true\ntitle:")
    blog.commit("Make a draft of a post", gone=[6])
    blog.change(6, r"^draft: true\n", "")
    blog.edit(6, "Now it is done.")
    blog.commit("Publish the draft", edited=[6])
    blog.post(102, "posts/copy.md", "A copy.", title="New", date="2016-03-03T10:00:00Z")
    blog.commit("Write a post with a title that another has", new=[102])
    blog.delete(7)
    blog.delete(8)
    blog.commit("Delete two posts", gone=[7, 8])
    blog.change(9, r"^title:", "from: https://origin.example/9\ntitle:")
    blog.commit("Say where a post comes from")
    blog.rename(9, "posts/from-elsewhere.md")
    blog.change(9, r"^from: .*$", "from: http://origin.example/9")
    blog.commit("Rename it, and mend that address")


def _both_at_once(blog: Repository) -> None:
    blog.rename(10, "posts/ten.md")
    blog.retitle(10, "Ten")
    blog.commit("Rename and retitle a post", edited=[10])
    blog.rename(11, "posts/eleven.md")
    blog.edit(11, "One more thing.")
    blog.commit("Rename and edit a post", edited=[11])
    blog.rename(17, "posts/seventeen.md")
    blog.redate(17, "2015-06-06T06:06:00Z")
    blog.commit("Rename a post and mend its date")
    path = blog.paths[18]
    blog.rename(18, "posts/the-old-one.md")
    blog.post(103, path, "Not what was here.", title="In its place", date="2016-04-04T10:00:00Z")
    blog.commit("Rename a post, and write another in its place", new=[103])
    blog.retitle(19, "Nineteen")
    blog.edit(19, "Other words.")
    blog.redate(19, "2015-07-07T07:07:00Z")
    blog.commit("Change all about a post but its name", edited=[19])
    blog.rename(20, "posts/deep/er/twenty.md")
    blog.delete(21)
    blog.post(104, "posts/one-more.md", "The last one.", title="One more", date="2016-05-05T10:00:00Z")
    blog.commit("Rename, delete and write, all at once", new=[104], gone=[21])
    blog.configure("https://blog.example.org")
    for number in (0, 1, 2):
        blog.rename(number, f"posts/{number}.md")
    blog.commit("The site's old address again, and other names")
