#include "net/curl_upload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

struct upload {
	curl_mime *mime; /* NULL: a plain body */
	struct upload_file {
		int fd;
		off_t left; /* as long as it was when it was opened, even if it grows */
	} files[REQUEST_MAX_PARTS];
	size_t nfiles;
};

bool upload_is_wanted(const struct request *req)
{
	return req->nparts > 0 || req->body_file;
}

static size_t on_read(char *buf, size_t size, size_t n, void *ctx)
{
	struct upload_file *file = ctx;
	size_t want = size * n;
	if ((off_t)want > file->left) want = (size_t)file->left;
	ssize_t got;
	do {
		got = read(file->fd, buf, want);
	} while (got < 0 && errno == EINTR);
	/* Shorter than it was: a torn picture is worse than none. */
	if (got < 0 || (got == 0 && want > 0)) return CURL_READFUNC_ABORT;
	file->left -= got;
	return (size_t)got;
}

static int on_seek(void *ctx, curl_off_t offset, int origin)
{
	struct upload_file *file = ctx;
	struct stat st;
	if (origin != SEEK_SET || fstat(file->fd, &st) < 0) return CURL_SEEKFUNC_CANTSEEK;
	if (lseek(file->fd, offset, SEEK_SET) < 0) return CURL_SEEKFUNC_FAIL;
	file->left = st.st_size - offset;
	return CURL_SEEKFUNC_OK;
}

/* NULL, with the reason, unless it is a plain file that we may read. */
static struct upload_file *open_file(struct upload *upload, const char *path, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot read %s: %s", path,
		        strerror(errno));
		return NULL;
	}
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		err_set(err, ERR_IO, "%s is no plain file", path);
		return NULL;
	}
	struct upload_file *file = &upload->files[upload->nfiles++];
	*file = (struct upload_file){.fd = fd, .left = st.st_size};
	return file;
}

static bool add_part(struct upload *upload, const struct request_part *part, struct err *err)
{
	curl_mimepart *mime = curl_mime_addpart(upload->mime);
	if (!mime || curl_mime_name(mime, part->name) != CURLE_OK)
		return err_set(err, ERR_IO, "libcurl takes no part '%s'", part->name);
	if (part->value) {
		curl_mime_data(mime, part->value, CURL_ZERO_TERMINATED);
		return true;
	}
	struct upload_file *file = open_file(upload, part->file, err);
	if (!file) return false;
	curl_mime_data_cb(mime, file->left, on_read, on_seek, NULL, file);
	curl_mime_type(mime, part->type);
	curl_mime_filename(mime, part->title);
	return true;
}

static bool add_body(struct upload *upload, CURL *easy, const struct request *req, struct err *err)
{
	struct upload_file *file = open_file(upload, req->body_file, err);
	if (!file) return false;
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)file->left);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(easy, CURLOPT_READDATA, file);
	curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
	curl_easy_setopt(easy, CURLOPT_SEEKDATA, file);
	return true;
}

struct upload *upload_new(CURL *easy, const struct request *req, struct err *err)
{
	if (!upload_is_wanted(req)) return NULL;
	struct upload *upload = xcalloc(1, sizeof(*upload));
	bool ok = true;
	if (req->nparts > 0) {
		upload->mime = curl_mime_init(easy);
		for (size_t i = 0; ok && i < req->nparts; i++)
			ok = add_part(upload, &req->parts[i], err);
		if (ok) curl_easy_setopt(easy, CURLOPT_MIMEPOST, upload->mime);
	} else {
		ok = add_body(upload, easy, req, err);
	}
	if (ok) return upload;
	upload_free(upload);
	return NULL;
}

void upload_free(struct upload *upload)
{
	if (!upload) return;
	curl_mime_free(upload->mime);
	for (size_t i = 0; i < upload->nfiles; i++)
		close(upload->files[i].fd);
	free(upload);
}
