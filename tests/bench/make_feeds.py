"""Write N feeds of ITEMS items each, no two items alike, and an nginx configuration that serves
each on its own loopback address: make_feeds.py DIR N ITEMS PORT."""
import os
import random
import sys

WORDS = ("harbour wall crane contractor bridge river signal kernel patch garden morning report "
         "council stone timber window invoice train platform letter museum archive winter "
         "aannemer steiger dakpan straat вода мост город 港 橋 建設 ニュース مدينة جسر café über").split()


def text(rng, words):
    return " ".join(rng.choice(WORDS) for _ in range(words))


def feed(rng, number, items):
    out = [f"<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><title>Feed {number} "
           f"{text(rng, 3)}</title><link>http://feed{number}.example/</link>"]
    for i in range(items):
        day, hour = rng.randint(1, 20), rng.randint(0, 23)
        out.append(f"<item><title>{text(rng, 8)} {number}-{i}</title><link>http://feed{number}.example/{i}</link>"
                   f"<guid isPermaLink='false'>{number}-{i}</guid><pubDate>{day:02d} Nov 2026 {hour:02d}:"
                   f"{rng.randint(0, 59):02d}:00 GMT</pubDate><description>&lt;p&gt;{text(rng, 90)}&lt;/p&gt;"
                   "</description></item>")
    return "".join(out) + "</channel></rss>"


def address(number):
    return f"127.{10 + number // 60000}.{number // 250 % 240}.{number % 250 + 1}"


def main():
    top, count, items, port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    os.makedirs(os.path.join(top, "www"), exist_ok=True)
    urls, listens = [], []
    for number in range(count):
        rng = random.Random(number)
        with open(os.path.join(top, "www", f"{number}.xml"), "w") as out:
            out.write(feed(rng, number, items))
        urls.append(f"http://{address(number)}:{port}/{number}.xml")
        listens.append(f"    listen {address(number)}:{port};\n")
    with open(os.path.join(top, "urls"), "w") as out:
        out.write("\n".join(urls) + "\n")
    with open(os.path.join(top, "nginx.conf"), "w") as out:
        out.write(f"""daemon off;
pid {top}/nginx.pid;
error_log {top}/error.log;
worker_processes 1;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  types {{ application/rss+xml xml; }}
  gzip on; gzip_types application/rss+xml; gzip_min_length 200;
  keepalive_timeout 120;
  client_body_temp_path {top}/t1; proxy_temp_path {top}/t2; fastcgi_temp_path {top}/t3;
  uwsgi_temp_path {top}/t4; scgi_temp_path {top}/t5;
  server {{
{''.join(listens)}    root {top}/www;
  }}
}}
""")


main()
