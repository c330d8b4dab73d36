#include "CFault.h"
