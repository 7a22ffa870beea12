# Does a keyword of a server's filter find what Mastodon finds with it? Mastodon makes a regular
# expression of Ruby's of it; asks Ruby and stoa about generated texts.
#
#   ruby mastodon_keywords.rb KEYWORDS [HOW-MANY [SEED]]
require 'json'
require 'open3'

program, count, seed = ARGV
random = Random.new((seed || 1).to_i)
pick = ->(list) { list[random.rand(list.size)] }
# No long s: before what folds to several characters Ruby misses it, which is not meant so.
LETTERS = %w[a b cat Cat DOG s S ss Fi ff st K é É ß ẞ ŉ ﬁ ﬄ ﬅ ǰ ΐ ᾳ և İ ı i Σ σ ς K Å å 猫 黒 кот ② ² Ⅳ ⓐ 🅐 🦋 9 ١ ʼ n] +
          ["e\u0301", "i\u0307", "\u0301", "\u200d", "\u200b", "\u00ad", "\u0345", "αι", 'ss']
BETWEEN = [' ', ' ', ' ', "\n", "\t", "\u00a0", '-', '.', "'", '’', '/', '_', '‿', '(', ')', '#', '@', '+', '*', '\\', '', '', '', '', '']

# Custom filters: whole words begin and end at the edge of a word where they have a word character.
def finder(keyword, whole)
  return /#{Regexp.escape(keyword)}/i unless whole
  first = keyword.match?(/\A[[:word:]]/) ? '\b' : ''
  last = keyword.match?(/[[:word:]]\z/) ? '\b' : ''
  /(?mix:#{first}#{Regexp.escape(keyword)}#{last})/
end

asked = []
while asked.size < (count || 40_000).to_i
  text = Array.new(1 + random.rand(8)) { pick.(LETTERS) + pick.(BETWEEN) }.join
  start = random.rand(text.size)
  piece = text[start, 1 + random.rand(5)]
  keyword = pick.([piece, piece, piece.upcase, piece.downcase, piece.swapcase, pick.(LETTERS) + pick.(LETTERS)]).strip
  next if keyword.empty?
  asked << { keyword: keyword, whole: random.rand(2) == 1, text: text }
end

said, status = Open3.capture2(program, stdin_data: asked.map { |row| JSON.generate(row) + "\n" }.join)
abort "#{program} failed" unless status.success?
wrong = found = 0
asked.zip(said.split("\n")) do |row, answer|
  want = finder(row[:keyword], row[:whole]).match?(row[:text])
  found += 1 if want
  next if answer == want.to_s
  wrong += 1
  warn "should be #{want}: #{JSON.generate(row)} #{row[:keyword].codepoints.map { |c| c.to_s(16) }}" if wrong <= 15
end
puts "#{asked.size} texts, #{found} found, #{wrong} otherwise than by Ruby"
exit(wrong.zero? && found > asked.size / 10)
