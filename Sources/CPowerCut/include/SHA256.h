/* SHA-256 (FIPS 180-4) of bytes in memory. */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

void sha256(const uint8_t *bytes, size_t length, uint8_t digest[32]);

#endif
