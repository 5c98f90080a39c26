/* Latencies counted in buckets whose width is at most 1/128 of their value, so that a percentile is off by less than 1 %. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Each power of two is divided into 128 buckets; below 128 ns a bucket is a nanosecond. */
#define HISTOGRAM_BITS 7
#define HISTOGRAM_BUCKETS ((64 - HISTOGRAM_BITS) << HISTOGRAM_BITS)

struct histogram {
    uint64_t buckets[HISTOGRAM_BUCKETS];
    uint64_t count, sum_nanoseconds, most_nanoseconds;
};

static inline void clear_histogram(struct histogram *histogram) { memset(histogram, 0, sizeof *histogram); }

static inline unsigned bucket_of(uint64_t value) {
    if (value < 1 << HISTOGRAM_BITS) return value;
    unsigned shift = 63 - __builtin_clzll(value) - HISTOGRAM_BITS;
    /* The highest bit says which power of two, the next seven which bucket of it. */
    return ((shift + 1) << HISTOGRAM_BITS) + ((value >> shift) & ((1 << HISTOGRAM_BITS) - 1));
}

/* The middle of a bucket. */
static inline double value_of(unsigned bucket) {
    unsigned power = bucket >> HISTOGRAM_BITS;
    if (power == 0) return bucket;
    uint64_t low = ((uint64_t)(bucket & ((1 << HISTOGRAM_BITS) - 1)) | 1 << HISTOGRAM_BITS) << (power - 1);
    return low + ((uint64_t)1 << (power - 1)) / 2.0;
}

static inline void record_latency(struct histogram *histogram, int64_t nanoseconds) {
    uint64_t value = nanoseconds < 0 ? 0 : nanoseconds;
    histogram->buckets[bucket_of(value)]++;
    histogram->count++;
    histogram->sum_nanoseconds += value;
    if (value > histogram->most_nanoseconds) histogram->most_nanoseconds = value;
}

static inline double percentile_microseconds(const struct histogram *histogram, double percent) {
    uint64_t seen = 0;
    for (unsigned bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        seen += histogram->buckets[bucket];
        if (histogram->count > 0 && seen >= histogram->count * percent / 100) return value_of(bucket) / 1000;
    }
    return 0;
}

/* As the member "latency_us" of a JSON object. */
static inline void print_histogram(const struct histogram *histogram) {
    printf("\"latency_us\":{\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"p99.9\":%.1f,\"most\":%.1f,\"mean\":%.1f}",
           percentile_microseconds(histogram, 50), percentile_microseconds(histogram, 90),
           percentile_microseconds(histogram, 99), percentile_microseconds(histogram, 99.9),
           histogram->most_nanoseconds / 1000.0,
           histogram->count ? histogram->sum_nanoseconds / 1000.0 / histogram->count : 0);
}

#endif
