// Does stoa find in a text what the official library finds, and count its graphemes as the
// server's own code does? Asks both about a table of texts and about generated ones.
//
//   node bluesky_rules.mjs DIRECTORY-OF-NODE-MODULES BLUESKY_RULES [HOW-MANY [SEED]]
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [directory, program, count = '6000', seed = '1'] = process.argv.slice(2)
const require = createRequire(directory + '/')
const load = (name) => import(pathToFileURL(require.resolve(name)))
const { RichText } = await load('@atproto/api')
const { graphemeLen } = await load('@atproto/common-web')

// --- the table: each form that the rules tell apart ---
const table = [
  '', ' ', 'nothing to find', '@ada.com', ' @ada.com', '(@ada.com)', 'x@ada.com', '@ada', '@.com',
  '@ada.com.', '@ada.com-', '@ada.com_x', '@ada.co_m', '@-ada.com', '@ada..com', '@ada.COM',
  '@Ada.com', '@ada.test', '@ada.invalid', '@ada.com!?', '@ada.com\n@bob.com', '@ada.com @bob.com',
  '@ada.comé', '@é.com', '＠ada.com', '\u00a0@ada.com', '\u200b@ada.com', '@ada.com(@bob.com)',
  'https://a.com', 'http://a.com', 'HTTP://a.com', 'hTTps://a.com/x', 'https://', 'https://.',
  'https://)', 'http:/a.com', 'ftp://a.com', 'https://a.com.', 'https://a.com..', 'https://a.com?!',
  '(https://a.com)', 'https://a.com/(b)', 'https://a.com/(b))', 'https://a.com/b)', 'https://a.com).',
  'https://a.com,b', 'https://a.com/日本', 'https://日本.com', 'https://a.com\u3000b', 'a.com', 'A.com',
  'a.COM', 'a.b', 'a.bc.de/x', 'e.g.', 'i.e', 'file.txt', 'see a.com.', 'see a.com, b.org; c.net!',
  '"a.com"', '[a.com]', '(a.com)', 'a.com)', 'a-b.com', 'a.b-c.com', 'a.com-b', '1.com', 'a1.com',
  'a.1com', 'a..com', '.a.com', 'http.cat', 'httpd.nonsense', 'https.cat/x', 'münchen.de',
  'a.com\nb.com', 'a.com\u2028b.com', 'a.com\r\nb.com', 'mail@a.com', 'a.com:80/x', 'a.com#b',
  '#a', '#', '# a', '##', '##a', '#1', '#1a', '#a1', '#2026', '#_', '#_a', '#a_', '#-a', '#a-b',
  '#a.', '#a..b', '#a,b', '#a#b', '#a #b', '(#a)', 'x#a', '#a!', '#!a', '#!', '＃a', '＃ａ', ' ＃1 ＃x',
  '#\ufe0f', '#\ufe0fa', '#\ufe0f\u20e3', '#a\ufe0f', '#👍🏽', '#🦋', '#a🦋b!', '#日本語。', '#«a»',
  '#a\u00adb', '#a\u200bb', '#a\u200db', '#a\u2060', '#\u200ba', '#a\u20e2b', '#²', '#½', '#١', '#а',
  '#€5', '#$5', '#+', '#=', '#|', '#~', '#^a', '#`', '#a’s', '#a\u0301', '#\u0301', '\t#a', '\n#a',
  '#' + 'a'.repeat(64), '#' + 'a'.repeat(65), '#' + 'é'.repeat(64), '#' + 'e\u0301'.repeat(64),
  '#' + 'e\u0301'.repeat(65), '#' + '👩‍🚀'.repeat(20), '#' + '👩‍🚀'.repeat(65), '#' + 'क्षि'.repeat(60),
  '#' + 'a'.repeat(64) + '!!!', '#' + '!'.repeat(70) + 'a',
  '$A', '$AB', '$aapl', '$AAPL.', '$ABCDE', '$ABCDEF', '$1A', '$A1', '$A_', '$A-B', '($A)', 'x$A',
  '$A $B', '$A,$B', '$', '$$A', '$A\u2019s', "$A's", '$A"', '$A]', '$A\u201d', '$é', '$Aé', '$A\u00a0',
  'a 👨‍👩‍👧‍👦 @ada.com 🇳🇱 https://a.com/🦋 #🦋 $X', 'ＡＢＣ https://a.com', '\ufeff#a', 'a\ufeff#b',
]

// --- generated texts, from pieces that matter ---
let state = BigInt(seed)
const below = (n) => {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn
  return Number((state >> 33n) % BigInt(n))
}
const pick = (list) => list[below(list.length)]
const pieces = [
  'https://', 'http://', 'HTTPS://', 'http', 'www.', 'a', 'Ab', 'example', 'x1', '9', '2026', '.com', '.org',
  '.nl', '.test', '.museum', '.COM', '.zz', '.', '..', '-', '_', '/', '/path', '?q=1', '#', '#', '#', '＃', '@', '@',
  '@', '$', '$', 'TSLA', '(', ')', '(b)', '[', ']', '"', "'", '’', '!', '?', ',', ';', ':', ' ', ' ', ' ', ' ',
  '\n', '\t', '\r\n', '\u00a0', '\u2003', '\u3000', '\u2028', '\ufeff', '\u200b', '\u200d', '\u00ad', '\u2060',
  '\u20e2', '\ufe0f', '\u20e3', 'é', 'e\u0301', 'ß', 'Я', 'λ', '中文', '日本', '한', '\u1112\u1161\u11ab', 'ไทย',
  'กำ', 'का', 'क्ष', 'ক্ত', '\u0d4d', 'שלום', 'مرحبا', '\u0600', '🦋', '👍🏽', '👨‍👩‍👧', '🇳🇱', '🇳', '❤️', '1️⃣',
  '\u{1f3f4}\u{e0067}\u{e007f}', '。', '、', '！', '«', '»', '—', '…', '²', '½', '٣', '€', '+', '=', '*', '&',
]
const generated = () => {
  let text = ''
  for (let n = 1 + below(14); n > 0; n--) text += pick(pieces)
  return text
}
// Clusters: every class of UAX #29 next to every other, by characters of each.
const breakers = [
  '\r', '\n', '\u0007', '\u200b', '\u0301', '\u0903', '\u093f', '\u0e33', '\u200c', '\u200d', '\u0600', '\u{110bd}',
  '\u1100', '\u1161', '\u11a8', '\uac00', '\uac01', '\ud7b0', '\ud7cb', 'a', '1', '\u0915', '\u0937', '\u094d',
  '\u093c', '\u0995', '\u09cd', '\u0d15', '\u0d4d', '\u1000', '\u1039', '\u1780', '\u17d2', '\u1b13', '\u1b44',
  '\u{1f1f3}', '\u{1f1f1}', '\u{1f600}', '\u2764', '\ufe0f', '\u{1f3fd}', '\u{1f468}', '\u00a9', '\u20e3',
  '\u{e0067}', '\u{11f42}', '\u{1e5ef}', '\u{10d69}', '\u{1fae8}', '\u{1c0}', '\u0e01', '\u0bbe', '\ufb1e', '\u{11d97}',
]
const clusters = () => {
  let text = ''
  for (let n = 1 + below(12); n > 0; n--) text += pick(breakers)
  return text
}
const long = () => {
  const piece = pick([clusters(), generated(), 'a', 'é', '👩‍🚀', 'क्षि', '한'])
  return piece.repeat(1 + Math.floor((280 + below(40)) / Math.max(1, graphemeLen(piece))))
}

const texts = [...table]
for (let i = 0; i < Number(count); i++) texts.push(generated(), clusters())
for (let i = 0; i < Number(count) / 20; i++) texts.push(long())
// And every character by itself, between letters, and before and after a mark.
for (let code = 1; code < 0x30000; code++) {
  if (code >= 0xd800 && code < 0xe000) continue
  const x = String.fromCodePoint(code)
  texts.push(`#${x} a${x}b\u0301${x}\u094d\u0915\u200d${x} ${x}#a${x}`)
}

// --- both sides ---
const utf8 = (text) => Buffer.byteLength(text)
const kinds = { mention: 'did', link: 'uri', tag: 'tag' }
const official = (text) => {
  const rich = new RichText({ text })
  rich.detectFacetsWithoutResolution()
  return (rich.facets ?? []).map(({ index, features: [feature] }) => {
    const kind = feature.$type.split('#')[1]
    return [kind, index.byteStart, index.byteEnd, feature[kinds[kind]]]
  })
}
const segmenter = new Intl.Segmenter()
const fits = (text) => {
  let [bytes, n] = [0, 0]
  for (const { segment } of segmenter.segment(text)) {
    if (n === 300 || bytes + utf8(segment) > 3000) break
    bytes += utf8(segment)
    n++
  }
  return bytes
}
const done = spawnSync(program, {
  input: texts.map((text) => JSON.stringify(text) + '\n').join(''),
  maxBuffer: 1 << 30,
  encoding: 'utf8',
})
const lines = done.stdout.trimEnd().split('\n')
if (done.status !== 0 || lines.length !== texts.length) {
  console.error(`${program} said ${lines.length} lines of ${texts.length}: ${done.stderr}`)
  process.exit(1)
}
let [wrong, found] = [0, 0]
texts.forEach((text, i) => {
  const ours = JSON.parse(lines[i])
  const theirs = { graphemes: graphemeLen(text), fits: fits(text), facets: official(text) }
  found += theirs.facets.length
  if (JSON.stringify(ours) === JSON.stringify(theirs)) return
  if (wrong++ < 12) console.error(`${JSON.stringify(text)}\n  ours   ${JSON.stringify(ours)}\n  theirs ${JSON.stringify(theirs)}`)
})
console.log(`${texts.length} texts, ${found} facets, ${wrong} differ`)
process.exit(wrong ? 1 : 0)
