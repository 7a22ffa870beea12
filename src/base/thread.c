#include "base/thread.h"

#ifdef __linux__
#include <sys/resource.h>
#endif

void thread_give_way(int nice)
{
#ifdef __linux__
	/* 0 means the calling thread here, whatever POSIX says of processes: setpriority(2), BUGS.
	 */
	setpriority(PRIO_PROCESS, 0, nice);
#else
	(void)nice;
#endif
}
