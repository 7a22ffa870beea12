#pragma once

/*
 * Let the calling thread give way to others by so much (0 … 19, as nice(1)). On Linux
 * a thread has a niceness of its own; where it has not, this does nothing.
 */
void thread_give_way(int nice);
