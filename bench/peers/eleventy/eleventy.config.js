// The feeds that feeder makes, made by Eleventy and its RSS plug-in: the site's, every category's and every tag's, as
// Atom and RSS, the newest 50 posts in each with their whole content. Nothing else is written.
import { dateToRfc3339, dateToRfc822 } from "@11ty/eleventy-plugin-rss";

const LIMIT = 50;
const URL = "https://example.org/";
const TITLE = "Benchmark";

const list = (value) => (Array.isArray(value) ? value : value ? [value] : []).map(String);
const slug = (label) => label.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "term";
const escape = (text) =>
  String(text)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

/** The site's feed, and one for every term: where it stands, its title, its newest posts. */
function feeds(collections) {
  const posts = collections.getAllSorted().filter((item) => item.data.layout === "post").reverse();
  const groups = new Map([["", { title: TITLE, place: "", posts }]]);
  for (const post of posts) {
    for (const taxonomy of ["categories", "tags"]) {
      for (const label of new Set(list(post.data[taxonomy]))) {
        const place = `${taxonomy}/${slug(label)}/`;
        if (!groups.has(place)) groups.set(place, { title: `${TITLE}: ${label}`, place, posts: [] });
        groups.get(place).posts.push(post);
      }
    }
  }
  return [...groups.values()].map((feed) => ({ ...feed, posts: feed.posts.slice(0, LIMIT) }));
}

const terms = (post) =>
  ["categories", "tags"].flatMap((taxonomy) => list(post.data[taxonomy]).map((label) => [`${URL}${taxonomy}/`, label]));

const atomEntry = (post) => `
  <entry>
    <id>${escape(post.data.from)}</id>
    <title>${escape(post.data.title)}</title>
    <link rel="alternate" type="text/html" href="${escape(post.data.from)}"/>
    <published>${dateToRfc3339(post.date)}</published>
    <updated>${dateToRfc3339(post.date)}</updated>
    <author><name>${escape(post.data.author)}</name></author>
    ${terms(post).map(([scheme, label]) => `<category term="${escape(label)}" scheme="${scheme}"/>`).join("")}
    <content type="html">${escape(post.content)}</content>
  </entry>`;

const rssItem = (post) => `
    <item>
      <title>${escape(post.data.title)}</title>
      <link>${escape(post.data.from)}</link>
      <guid isPermaLink="true">${escape(post.data.from)}</guid>
      <pubDate>${dateToRfc822(post.date)}</pubDate>
      <dc:creator>${escape(post.data.author)}</dc:creator>
      ${terms(post).map(([scheme, label]) => `<category domain="${scheme}">${escape(label)}</category>`).join("")}
      <content:encoded>${escape(post.content)}</content:encoded>
    </item>`;

const atom = ({ feed }) => `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>${URL}${encodeURI(feed.place)}</id>
  <title>${escape(feed.title)}</title>
  <updated>${dateToRfc3339(feed.posts[0].date)}</updated>
  <author><name>${TITLE}</name></author>
  <link rel="self" type="application/atom+xml" href="${URL}${encodeURI(feed.place)}atom.xml"/>
  <link rel="alternate" type="text/html" href="${URL}"/>${feed.posts.map(atomEntry).join("")}
</feed>
`;

const rss = ({ feed }) => `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel>
    <title>${escape(feed.title)}</title>
    <link>${URL}</link>
    <description>${escape(feed.title)}</description>
    <lastBuildDate>${dateToRfc822(feed.posts[0].date)}</lastBuildDate>
    <atom:link rel="self" type="application/rss+xml" href="${URL}${encodeURI(feed.place)}rss.xml"/>${feed.posts.map(rssItem).join("")}
  </channel>
</rss>
`;

/** A template that is a function, written once for every feed. */
const template = (name, render) => ({
  data: () => ({
    layout: null,
    pagination: { data: "collections.feeds", size: 1, alias: "feed" },
    permalink: ({ feed }) => `${feed.place}${name}.xml`,
  }),
  render,
});

export default function (configuration) {
  configuration.setUseGitIgnore(false);
  configuration.setQuietMode(true);
  configuration.addGlobalData("permalink", false); // posts are written nowhere
  configuration.addCollection("feeds", feeds);
  configuration.addTemplate("_includes/post.11ty.js", { render: ({ content }) => content });
  configuration.addTemplate("atom.11ty.js", template("atom", atom));
  configuration.addTemplate("rss.11ty.js", template("rss", rss));
  configuration.addLayoutAlias("post", "post.11ty.js");
  return { markdownTemplateEngine: false, htmlTemplateEngine: false, templateFormats: ["md", "11ty.js"] };
}
