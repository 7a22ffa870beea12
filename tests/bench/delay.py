"""Stand between a client and a server on loopback and let everything take a while:
delay.py MS FROM-PORT TO-PORT ADDRESS-FILE. A connection costs one round trip, and so does each
exchange on it. ADDRESS-FILE has URLs; their hosts are listened on."""
import asyncio
import sys
from urllib.parse import urlsplit

DELAY = int(sys.argv[1]) / 1000
FROM, TO = int(sys.argv[2]), int(sys.argv[3])


async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            await asyncio.sleep(DELAY / 2)
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def serve(reader, writer):
    host = writer.get_extra_info("sockname")[0]
    await asyncio.sleep(DELAY)
    out_reader, out_writer = await asyncio.open_connection(host, TO)
    await asyncio.gather(pump(reader, out_writer), pump(out_reader, writer))


async def main():
    hosts = {urlsplit(line.strip()).hostname for line in open(sys.argv[4])}
    servers = [await asyncio.start_server(serve, host, FROM) for host in hosts]
    print("listening", flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


asyncio.run(main())
