# Reads RSS or Atom with Ruby's rss, which validates: every element must stand where it may, as often as it may.
# RSS 2.0 is open to elements of other namespaces, Atom's own are all known.
require "json"
require "rss"

def value(construct) = construct.respond_to?(:content) ? construct.content : construct

def instant(construct)
  value(construct)&.getutc&.iso8601
end

def read(path)
  text = File.read(path, encoding: "UTF-8")
  feed = RSS::Parser.parse(text, true, !text.include?("<feed"))
  raise "not a feed" if feed.nil?
  atom = feed.feed_type == "atom"
  feed.items.map do |item|
    link = atom ? item.links.find { |one| (one.rel || "alternate") == "alternate" }&.href : item.link
    {
      id: value(atom ? item.id : item.guid),
      title: value(item.title),
      published: instant(atom ? item.published : item.pubDate),
      updated: atom ? instant(item.updated) : nil,
      link: link,
    }
  end
end

ARGV.each do |path|
  puts JSON.generate(read(path))
rescue StandardError => error
  abort "#{path}: #{error.class}: #{error.message.lines.first&.strip}"
end
