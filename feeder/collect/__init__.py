"""Disk in: finds the posts and reads them, front matter and body still as their author wrote them."""
