#include "engine/outbox_media.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/paths.h"
#include "base/random.h"
#include "base/str.h"
#include "engine/media.h"
#include "model/account.h"

/* First bytes, where they stand, and what such a file is. */
static const struct {
	unsigned at;
	const char *bytes;
	const char *type;
} kinds[] = {
        {0, "\xff\xd8\xff", "image/jpeg"},
        {0, "\x89PNG\r\n\x1a\n", "image/png"},
        {0, "GIF8", "image/gif"},
        {8, "WEBP", "image/webp"},
        {4, "ftypavif", "image/avif"},
        {4, "ftypheic", "image/heic"},
        {4, "ftypqt", "video/quicktime"},
        {4, "ftypM4A", "audio/mp4"},
        {4, "ftyp", "video/mp4"},
        {0, "\x1a\x45\xdf\xa3", "video/webm"},
        {0, "ID3", "audio/mpeg"},
        {0, "\xff\xfb", "audio/mpeg"},
        {0, "OggS", "audio/ogg"},
        {0, "fLaC", "audio/flac"},
        {8, "WAVE", "audio/wav"},
};

static const char *type_of(const char *head, size_t len)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t n = strlen(kinds[i].bytes);
		if (kinds[i].at + n <= len && memcmp(head + kinds[i].at, kinds[i].bytes, n) == 0)
			return kinds[i].type;
	}
	return NULL;
}

bool media_look(struct outgoing_media *media, struct err *err)
{
	char head[16];
	struct stat st;
	int fd = open(media->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return err_set(
		        err, ERR_REFUSED, "cannot read %s: %s", media->path, strerror(errno));
	bool plain = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	ssize_t n = plain ? read(fd, head, sizeof(head)) : 0;
	close(fd);
	if (!plain) return err_set(err, ERR_REFUSED, "%s is not a plain file", media->path);
	const char *type = n > 0 ? type_of(head, (size_t)n) : NULL;
	if (!type)
		return err_set(err, ERR_REFUSED, "%s is no picture, film or sound that is known",
		        media->path);
	if (!media->type) media->type = xstrdup(type);
	return true;
}

static const char place[] = "outbox-media";

struct media_task *media_begin(const char *program, const char *state_dir,
        const struct outgoing_media *media, const struct account *account, void (*wake)(void *ctx),
        void *ctx, char **out_file, struct err *err)
{
	const struct limits *limits = &account->limits;
	bool picture = strncmp(media->type, "image/", 6) == 0;
	struct media_wish wish = {
	        .max_bytes = picture ? limits->image_bytes : limits->video_bytes,
	        .max_pixels = picture ? limits->image_pixels : 0,
	};
	char *dir = paths_join(state_dir, place);
	struct media_task *task = NULL;
	if (paths_mkdir(dir, err)) {
		struct str file = {0};
		uint64_t number;
		random_secret(&number, sizeof(number));
		str_addf(&file, "%s/%016llx", dir, (unsigned long long)number);
		*out_file = str_take(&file);
		task = media_task_start(program, media->path, *out_file, &wish, wake, ctx);
	}
	free(dir);
	return task;
}

void media_sweep(const char *state_dir)
{
	char *dir = paths_join(state_dir, place);
	DIR *list = opendir(dir);
	for (struct dirent *entry = list ? readdir(list) : NULL; entry; entry = readdir(list)) {
		char *path = paths_join(dir, entry->d_name);
		if (entry->d_name[0] != '.') unlink(path);
		free(path);
	}
	if (list) closedir(list);
	free(dir);
}
