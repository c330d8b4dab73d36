#ifndef CPMEM2_H
#define CPMEM2_H
/* libpmem2 as a module; nothing is added to it. */
#include <libpmem2.h>
#endif
