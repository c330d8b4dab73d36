#include "CURing.h" /* A C target needs one translation unit; all of this one is in the header. */
