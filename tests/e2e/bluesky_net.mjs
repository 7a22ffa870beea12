// The whole AT Protocol network on loopback: PLC, PDS, AppView and what they want, seeded with
// five people. Prints one line of JSON once it is up, then obeys lines on standard input:
// `settle` (all that was written is indexed), `expired NAME` (an access token that has ended),
// `limit NAME POINTS SECONDS` (its rate limiters of that name begin anew, with these).
//
//   node bluesky_net.mjs DIRECTORY-OF-NODE-MODULES [rate-limits]
import net from 'node:net'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import readline from 'node:readline'

// Its servers would listen on every address of the machine.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...rest) {
  if (typeof port === 'number' && typeof rest[0] !== 'string') {
    return listen.call(this, port, '127.0.0.1', ...rest)
  }
  return listen.call(this, port, ...rest)
}

const [directory, limits] = process.argv.slice(2)
const require = createRequire(directory + '/')
const load = (name) => import(pathToFileURL(require.resolve(name)))
const { TestNetwork } = await load('@atproto/dev-env')

// Its limits are for hours; a test wants theirs to be over within seconds.
const limiters = new Map() // each with the keys that it has counted
if (limits) {
  const { RateLimiterMemory } = await load('rate-limiter-flexible')
  const consume = RateLimiterMemory.prototype.consume
  RateLimiterMemory.prototype.consume = function (key, ...rest) {
    if (!limiters.has(this)) limiters.set(this, new Set())
    limiters.get(this).add(key)
    return consume.call(this, key, ...rest)
  }
}
const limit = async (name, points, duration) => {
  let changed = 0
  for (const [limiter, keys] of limiters) {
    if (!limiter.keyPrefix.includes(name)) continue
    Object.assign(limiter, { points, duration })
    for (const key of keys) await limiter.delete(key)
    changed++
  }
  return changed
}

const port = async () =>
  new Promise((resolve) => {
    const probe = net.createServer()
    listen.call(probe, 0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

const [plc, pds, bsky, ozone] = [await port(), await port(), await port(), await port()]
const network = await TestNetwork.create({
  dbPostgresSchema: 'stoa_test',
  plc: { port: plc },
  pds: {
    port: pds,
    hostname: 'localhost',
    enableDidDocWithSession: true,
    rateLimitsEnabled: limits === 'rate-limits',
  },
  bsky: { port: bsky, publicUrl: `http://localhost:${bsky}` },
  ozone: { port: ozone },
})

// Who there is: alice follows the others, bob posts a lot, and there is a conversation.
const seed = network.getSeedClient()
const names = ['alice', 'bob', 'carol', 'dan', 'eve']
for (const name of names) {
  await seed.createAccount(name, {
    email: `${name}@test.com`,
    handle: `${name}.test`,
    password: `${name}-pass`,
  })
}
const { alice, bob, carol, dan, eve } = seed.dids
const describe = (did, displayName, description) =>
  seed.agent.app.bsky.actor.profile.create(
    { repo: did, rkey: 'self' },
    { displayName, description },
    seed.getHeaders(did),
  )
await describe(alice, 'Alice', 'stands at the wall')
await describe(bob, 'Bob', 'two lines\nof words')
for (const whom of [bob, carol, dan]) await seed.follow(alice, whom)
await seed.follow(bob, alice)
for (let i = 1; i <= 120; i++) await seed.post(bob, `harbour report number ${i}`)
const root = await seed.post(carol, 'who knows an aannemer in Hilversum? #bouw', [
  {
    index: { byteStart: 36, byteEnd: 41 },
    features: [{ $type: 'app.bsky.richtext.facet#tag', tag: 'bouw' }],
  },
])
const answer = await seed.reply(dan, root.ref, root.ref, 'I do')
await seed.reply(carol, root.ref, answer.ref, 'please tell')
const own = await seed.post(alice, 'my own words')
await seed.like(bob, own.ref)
await seed.like(carol, own.ref)
await seed.repost(dan, own.ref)
await seed.repost(dan, root.ref)
const quote = await seed.post(eve, 'quoting this', undefined, undefined, own.ref)
await seed.post(eve, 'only for those who follow')
await seed.repost(dan, quote.ref) // alice does not follow eve
await network.processAll()

const people = {}
for (const [did, account] of Object.entries(seed.accounts)) {
  const name = account.handle.split('.')[0]
  people[name] = { did, handle: account.handle, password: account.password }
}
const say = (answer) => process.stdout.write(JSON.stringify(answer) + '\n')
say({ pds: `http://localhost:${pds}`, appview: `http://localhost:${bsky}`, people })

const base64 = (bytes) => Buffer.from(bytes).toString('base64url')
const expired = async (did) => {
  const { createHmac } = await import('node:crypto')
  const now = Math.floor(Date.now() / 1000)
  const head = base64(JSON.stringify({ typ: 'at+jwt', alg: 'HS256' }))
  const body = base64(
    JSON.stringify({
      scope: 'com.atproto.access',
      sub: did,
      aud: 'did:web:localhost',
      iat: now - 7200,
      exp: now - 60,
    }),
  )
  const mac = createHmac('sha256', 'jwt-secret').update(`${head}.${body}`).digest()
  return `${head}.${body}.${base64(mac)}`
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [word, name, ...numbers] = line.trim().split(' ')
  if (word === 'settle') {
    await network.processAll()
    say({ settled: true })
  } else if (word === 'expired') {
    say({ token: await expired(people[name].did) })
  } else if (word === 'limit') {
    say({ changed: await limit(name, ...numbers.map(Number)) })
  } else {
    say({ error: `no such word: ${word}` })
  }
}
await network.close()
process.exit(0)
