/* The requests that are sent in turn, read from a file: for each a line with the beginning of the Location that must come
 * back, then the head as it is sent, up to and with its empty line. */
#ifndef REQUESTS_H
#define REQUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define MOST_REQUESTS 1024

struct request {
    const char *location;
    size_t location_length;
    const char *head;
    size_t length;
};

static struct request requests[MOST_REQUESTS];
static size_t request_count;

/* False when the file cannot be read, or is not as described. */
static inline bool read_requests(const char *path) {
    static char text[1 << 20];
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    char *rest = text;
    while (rest < text + length && request_count < MOST_REQUESTS) {
        char *line_end = strchr(rest, '\n');
        char *head_end = line_end ? strstr(line_end, "\r\n\r\n") : NULL;
        if (!head_end) return false;
        *line_end = 0;
        requests[request_count++] = (struct request){
            .location = rest,
            .location_length = line_end - rest,
            .head = line_end + 1,
            .length = head_end + 4 - (line_end + 1),
        };
        rest = head_end + 4;
    }
    return request_count > 0;
}

static inline const struct request *next_request(void) {
    static size_t turn;
    return &requests[turn++ % request_count];
}

#endif
