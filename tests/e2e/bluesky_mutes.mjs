// Does a muted word hide what the official library hides? Asks both about generated posts.
//
//   node bluesky_mutes.mjs DIRECTORY-OF-NODE-MODULES MUTED_WORDS [HOW-MANY [SEED]]
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [directory, program, count = '40000', seed = '1'] = process.argv.slice(2)
const require = createRequire(directory + '/')
const { hasMutedWord } = await import(pathToFileURL(require.resolve('@atproto/api')))

let state = BigInt(seed)
const below = (n) => {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn
  return Number((state >> 33n) % BigInt(n))
}
const pick = (list) => list[below(list.length)]
const letters = ['a', 'b', 'cat', 'Cat', 'DOG', 'dog', 'é', 'É', 'e\u0301', 'İ', 'ı', 'Σ', 'σ', 'ς', 'ß', 'ẞ', 'ŉ', 'ﬁ',
  '猫', '黒', '🦋', '👍🏽', '\u{10400}', '\u{1d504}', '9', '²', '$', '+', '<', '\u200b', '\u00ad', '\u0301', 'ʼ']
const between = [' ', ' ', ' ', '\n', '\t', '\u00a0', '\u2003', '\u3000', '\u2028', '\ufeff', '\u0085', '\u180e', '-', '--', '.',
  "'", '’', '/', '//', '_', '‿', '(', ')', '«', '»', '。', '、', '！', '¿', '#', '@', ':', '·', '', '', '']
const langs = ['en', 'en', 'en', 'nl', 'ja', 'zh', 'ko', 'th', 'vi', 'ja-JP', '']
const string = (most) => {
  let text = ''
  for (let n = 1 + below(most); n > 0; n--) text += pick(letters) + pick(between)
  return text
}
// Mostly a piece of the text itself, so that it is met often.
const value = (text) => {
  const all = Array.from(text)
  const start = below(all.length), piece = all.slice(start, start + 1 + below(6)).join('')
  const changed = pick([piece, piece, piece.toUpperCase(), piece.toLowerCase(), piece.trim(), piece.replace(/\p{P}/gu, ''),
    piece.replace(/\p{P}+/gu, ' '), string(2)])
  return changed || 'cat'
}
const asked = []
while (asked.length < Number(count)) {
  const text = string(8).trim()
  if (!text) continue
  const tags = below(4) ? [] : [string(1).trim() || 'tag', 'Kitty']
  asked.push({
    value: below(8) ? value(text) : value(tags[0] || text), text, tags, lang: pick(langs),
    targets: pick([['content', 'tag'], ['content'], ['tag']]),
  })
}

const run = spawnSync(program, { input: asked.map((row) => JSON.stringify(row) + '\n').join(''), maxBuffer: 1 << 28 })
if (run.status !== 0) throw new Error(`${program} ended with ${run.status ?? run.signal}`)
const said = run.stdout.toString().split('\n')
let wrong = 0, hidden = 0
asked.forEach((row, i) => {
  const facet = { index: { byteStart: 0, byteEnd: 1 }, features: row.tags.map((tag) => ({ $type: 'app.bsky.richtext.facet#tag', tag })) }
  const want = hasMutedWord({
    mutedWords: [{ value: row.value, targets: row.targets, actorTarget: 'all' }],
    text: row.text, facets: [facet], outlineTags: [], languages: row.lang ? [row.lang] : [],
  })
  hidden += want
  if (said[i] !== String(want) && ++wrong <= 10) console.error(`should be ${want}: ${JSON.stringify(row)}`)
})
console.log(`${asked.length} posts, ${hidden} hidden, ${wrong} otherwise than by the library`)
process.exit(wrong || hidden < asked.length / 10 ? 1 : 0)
