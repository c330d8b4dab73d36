#ifndef CFORGE_H
#define CFORGE_H
/* Signals that say what the test wants them to say. */

/* Sends the calling thread a SIGBUS with this si_code, si_addr and si_addr_lsb, which it has taken
 * when this returns. Returns 0, or an errno. The kernel lets a process lie so to itself alone. */
int cforge_bus(int code, void *address, short lsb);
#endif
