#include <stdio.h>
#include <string.h>

#include "demo/entity.h"
#include "demo/handlers.h"
#include "demo/media.h"
#include "demo/put.h"

#define HERE "https://" WORLD_HOST
static const char title[] = "Stoa demo";
static const char summary[] = "A small world on this machine, for trying stoa.";

/* The base address with another scheme. */
static void put_streaming(struct exchange *x, const char *key)
{
	const char *host = strstr(x->base, "://");
	put_strf(&x->body, key, "ws%s", host ? host : "");
}

static void put_limits(struct str *out, const struct world *world)
{
	put_open(out, "accounts", '{');
	put_int(out, "max_featured_tags", 10);
	put_int(out, "max_pinned_statuses", 5);
	put_close(out, '}');
	put_open(out, "statuses", '{');
	put_int(out, "max_characters", (int64_t)world->software->max_chars);
	put_int(out, "max_media_attachments", STATUS_MAX_MEDIA);
	put_int(out, "characters_reserved_per_url", 23);
	put_close(out, '}');
	put_open(out, "media_attachments", '{');
	put_int(out, "description_limit", MEDIA_MAX_ALT);
	put_int(out, "image_matrix_limit", (int64_t)world->max_image_pixels);
	put_int(out, "image_size_limit", (int64_t)world->max_image_bytes);
	media_put_types(out);
	put_int(out, "video_frame_rate_limit", 120);
	put_int(out, "video_matrix_limit", 8294400);
	put_int(out, "video_size_limit", 103809024);
	put_close(out, '}');
	put_open(out, "polls", '{');
	put_int(out, "max_options", 4);
	put_int(out, "max_characters_per_option", 50);
	put_int(out, "min_expiration", 300);
	put_int(out, "max_expiration", 2629746);
	put_close(out, '}');
}

static void put_access(struct str *out)
{
	static const char *const feeds[] = {"live_feeds", "hashtag_feeds", "trending_link_feeds"};
	put_open(out, "timelines_access", '{');
	for (size_t i = 0; i < 3; i++) {
		put_open(out, feeds[i], '{');
		put_str(out, "local", "public");
		put_str(out, "remote", "public");
		put_close(out, '}');
	}
	put_close(out, '}');
}

static void put_contact(struct exchange *x)
{
	put_open(&x->body, "contact", '{');
	put_str(&x->body, "email", "demo@" WORLD_HOST);
	entity_account(&x->body, "account", x->world, 0);
	put_close(&x->body, '}');
}

static void put_common(struct str *out, const struct world *world)
{
	put_str(out, "title", title);
	put_str(out, "version", world->software->version);
	put_str(out, "description", summary);
	put_none(out, "languages", "[\"nl\",\"en\"]");
	put_none(out, "rules", "[{\"id\":\"1\",\"text\":\"Be kind.\",\"hint\":\"\"}]");
}

void instance_v2(struct exchange *x)
{
	struct str *out = &x->body;
	put_open(out, NULL, '{');
	put_str(out, "domain", x->world->host);
	put_common(out, x->world);
	put_str(out, "source_url", HERE "/source");
	put_open(out, "usage", '{');
	put_open(out, "users", '{');
	put_int(out, "active_month", (int64_t)npeople);
	put_close(out, '}');
	put_close(out, '}');
	put_open(out, "thumbnail", '{');
	put_str(out, "url", HERE "/thumbnail.png");
	put_close(out, '}');
	put_none(out, "icon", "[]");
	put_open(out, "configuration", '{');
	put_open(out, "urls", '{');
	put_streaming(x, "streaming");
	put_close(out, '}');
	put_open(out, "vapid", '{');
	put_str(out, "public_key",
	        "BCk-QqERU0q-CfYZjcuB6lnyyOYfJ2AifKqfeGIm7Z-HiTU5T9eTG5GxVA0_"
	        "OH5mMlI4UkkDTpaZwozy0TzdZ2M=");
	put_close(out, '}');
	put_limits(out, x->world);
	put_open(out, "translation", '{');
	put_bool(out, "enabled", false);
	put_close(out, '}');
	put_access(out);
	put_bool(out, "limited_federation", false);
	put_close(out, '}');
	put_none(out, "registrations",
	        "{\"enabled\":false,\"approval_required\":false,"
	        "\"reason_required\":false,\"message\":null,\"min_age\":null,\"url\":null}");
	if (x->world->software->api) {
		put_open(out, "api_versions", '{');
		put_int(out, "mastodon", x->world->software->api);
		put_close(out, '}');
	}
	put_contact(x);
	put_close(out, '}');
}

void instance_v1(struct exchange *x)
{
	struct str *out = &x->body;
	put_open(out, NULL, '{');
	put_str(out, "uri", x->world->host);
	put_common(out, x->world);
	put_str(out, "short_description", summary);
	put_str(out, "email", "demo@" WORLD_HOST);
	put_open(out, "urls", '{');
	put_streaming(x, "streaming_api");
	put_close(out, '}');
	put_open(out, "stats", '{');
	put_int(out, "user_count", (int64_t)npeople);
	put_int(out, "status_count", (int64_t)x->world->nstatuses);
	put_int(out, "domain_count", 14);
	put_close(out, '}');
	put_str(out, "thumbnail", HERE "/thumbnail.png");
	put_bool(out, "registrations", false);
	put_bool(out, "approval_required", false);
	put_bool(out, "invites_enabled", false);
	put_open(out, "configuration", '{');
	put_limits(out, x->world);
	put_close(out, '}');
	entity_account(out, "contact_account", x->world, 0);
	put_close(out, '}');
}

void instance_nodeinfo_links(struct exchange *x)
{
	put_open(&x->body, NULL, '{');
	put_open(&x->body, "links", '[');
	put_open(&x->body, NULL, '{');
	put_str(&x->body, "rel", "http://nodeinfo.diaspora.software/ns/schema/2.0");
	put_strf(&x->body, "href", "%s/nodeinfo/2.0", x->base);
	put_close(&x->body, '}');
	put_close(&x->body, ']');
	put_close(&x->body, '}');
}

void instance_nodeinfo(struct exchange *x)
{
	struct str *out = &x->body;
	put_open(out, NULL, '{');
	put_str(out, "version", "2.0");
	put_open(out, "software", '{');
	/* Which release it is does not belong to the name. */
	const struct software *software = x->world->software;
	char name[32];
	snprintf(name, sizeof name, "%.*s", (int)strcspn(software->name, "-"), software->name);
	put_str(out, "name", name);
	put_str(out, "version", software->version);
	put_close(out, '}');
	put_none(out, "protocols", "[\"activitypub\"]");
	put_none(out, "services", "{\"outbound\":[],\"inbound\":[]}");
	put_open(out, "usage", '{');
	put_open(out, "users", '{');
	put_int(out, "total", (int64_t)npeople);
	put_close(out, '}');
	put_int(out, "localPosts", (int64_t)x->world->nstatuses);
	put_close(out, '}');
	put_bool(out, "openRegistrations", false);
	put_none(out, "metadata", "{}");
	put_close(out, '}');
}

void instance_emojis(struct exchange *x)
{
	put_open(&x->body, NULL, '[');
	for (size_t i = 0; emoji[i]; i++)
		entity_emoji(&x->body, emoji[i]);
	put_close(&x->body, ']');
}

void instance_empty_list(struct exchange *x)
{
	str_adds(&x->body, "[]");
}

void instance_preferences(struct exchange *x)
{
	put_open(&x->body, NULL, '{');
	put_str(&x->body, "posting:default:visibility", "public");
	put_bool(&x->body, "posting:default:sensitive", false);
	put_str(&x->body, "posting:default:language", people[x->user].lang);
	put_str(&x->body, "posting:default:quote_policy", "public");
	put_str(&x->body, "reading:expand:media", "default");
	put_bool(&x->body, "reading:expand:spoilers", false);
	put_bool(&x->body, "reading:autoplay:gifs", false);
	put_close(&x->body, '}');
}

void instance_oauth_server(struct exchange *x)
{
	static const struct {
		const char *key, *path;
	} places[] = {
	        {"authorization_endpoint", "/oauth/authorize"},
	        {"token_endpoint", "/oauth/token"},
	        {"revocation_endpoint", "/oauth/revoke"},
	        {"app_registration_endpoint", "/api/v1/apps"},
	        {"userinfo_endpoint", "/oauth/userinfo"},
	};
	struct str *out = &x->body;
	put_open(out, NULL, '{');
	put_strf(out, "issuer", "%s/", x->base);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		put_strf(out, places[i].key, "%s%s", x->base, places[i].path);
	put_none(out, "scopes_supported", "[\"read\",\"write\",\"follow\",\"push\",\"profile\"]");
	put_none(out, "response_types_supported", "[\"code\"]");
	put_none(out, "response_modes_supported", "[\"query\",\"fragment\",\"form_post\"]");
	put_none(out, "grant_types_supported", "[\"authorization_code\",\"client_credentials\"]");
	put_none(out, "token_endpoint_auth_methods_supported", "[\"client_secret_post\"]");
	put_none(out, "code_challenge_methods_supported", "[\"S256\"]");
	put_none(out, "service_documentation", "\"https://docs.joinmastodon.org\"");
	put_close(out, '}');
}
