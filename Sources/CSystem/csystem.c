#include "CSystem.h" /* A C target needs one translation unit; the rest of it is in the header. */
