#pragma once

/*
 * What we owe a post that was addressed to us: one row a state.
 * X(ID, "name", "what it means")
 */
#define ATTENTIONS(X)                                                                              \
	X(NEW, "waiting", "addressed to us, and nobody has answered yet")                          \
	X(LATER, "later", "put off: waits too")                                                    \
	X(ANSWERED, "answered", "one of our accounts has replied")                                 \
	X(DONE, "done", "needs no answer")

#define X(id, name, help) ATTENTION_##id,
enum attention { ATTENTIONS(X) ATTENTION_COUNT, ATTENTION_NONE = ATTENTION_COUNT };
#undef X
