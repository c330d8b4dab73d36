#ifndef CFAULT_H
#define CFAULT_H
#endif
