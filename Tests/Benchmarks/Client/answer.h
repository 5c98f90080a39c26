/* What the client needs to know of an HTTP/1.1 answer. */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct answer {
    int status;
    const char *location; /* not terminated */
    size_t location_length;
    bool closes;
};

enum answer_state { ANSWER_PARTIAL, ANSWER_WHOLE, ANSWER_STRANGE };

/* The value of the line when it is the named field's, without leading spaces; else NULL. */
static inline const char *value_of_field(const char *line, const char *name, size_t name_length) {
    if (strncasecmp(line, name, name_length) != 0 || line[name_length] != ':') return NULL;
    line += name_length + 1;
    return line + strspn(line, " \t");
}

/* `text` is terminated and holds `length` bytes. An answer without Content-Length is strange: all servers here send one. */
static inline enum answer_state read_answer(const char *text, size_t length, struct answer *answer) {
    const char *end = memmem(text, length, "\r\n\r\n", 4);
    if (!end) return ANSWER_PARTIAL;
    if (strncmp(text, "HTTP/1.1 ", 9) != 0) return ANSWER_STRANGE;
    *answer = (struct answer){.status = atoi(text + 9), .location = ""};
    long body = -1;
    for (const char *line = strstr(text, "\r\n") + 2; line < end + 2;) {
        const char *line_end = strstr(line, "\r\n"), *value;
        switch (*line | 0x20) {
        case 'l':
            if ((value = value_of_field(line, "location", 8))) {
                answer->location = value;
                answer->location_length = line_end - value;
            }
            break;
        case 'c':
            if ((value = value_of_field(line, "content-length", 14))) body = atol(value);
            else if ((value = value_of_field(line, "connection", 10))) answer->closes = strncasecmp(value, "close", 5) == 0;
            break;
        }
        line = line_end + 2;
    }
    if (body < 0) return ANSWER_STRANGE;
    size_t whole = end + 4 - text + body;
    return length == whole ? ANSWER_WHOLE : length > whole ? ANSWER_STRANGE : ANSWER_PARTIAL;
}

/* As a JSON string: a few bytes of an answer may hold anything. */
static inline void print_json_string(const char *text) {
    putchar('"');
    for (; *text; text++) {
        unsigned char byte = *text;
        if (byte == '"' || byte == '\\') printf("\\%c", byte);
        else if (byte < 0x20 || byte >= 0x7f) printf("\\u%04x", byte);
        else putchar(byte);
    }
    putchar('"');
}

#endif
