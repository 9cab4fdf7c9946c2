// What rss-parser and feedsmith read: the library's name and where the libraries are on the command line, URLs on stdin,
// one a line; on stdout, as JSON, the entries of each by its URL.
const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");

const [name, folder] = process.argv.slice(2);
const load = createRequire(folder + "/");

async function rssParser(url) {
  const Parser = load("rss-parser");
  const { items } = await new Parser().parseURL(url);
  return items.map((item) => ({
    id: item.id ?? item.guid,
    title: item.title,
    link: item.link,
    published: item.isoDate,
  }));
}

async function feedsmith(url) {
  const { parseFeed } = load("feedsmith");
  const { format, feed } = parseFeed(await (await fetch(url)).text());
  const alternate = (links) => links?.find(({ rel }) => rel === "alternate")?.href;
  switch (format) {
    case "atom":
      return (feed.entries ?? []).map((entry) => ({
        id: entry.id,
        title: entry.title?.value ?? entry.title,
        link: alternate(entry.links),
        published: entry.published,
        updated: entry.updated,
      }));
    case "rss":
      return (feed.items ?? []).map((item) => ({
        id: item.guid?.value,
        title: item.title,
        link: item.link,
        published: item.pubDate,
      }));
    case "json":
      return (feed.items ?? []).map((item) => ({
        id: item.id,
        title: item.title,
        link: item.url,
        published: item.date_published,
        updated: item.date_modified,
      }));
    default:
      throw new Error(`${url}: feedsmith takes this for ${format}`);
  }
}

(async () => {
  const read = { "rss-parser": rssParser, feedsmith }[name];
  const found = {};
  for (const url of readFileSync(0, "utf8").split(/\s+/).filter(Boolean)) found[url] = await read(url);
  process.stdout.write(JSON.stringify(found));
})();
