typedef int stoa_empty; /* a translation unit may not be empty */
