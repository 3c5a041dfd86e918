/** The pipes between a child process and its pool, by their numbers in the child. */
export const ordersPipe = 3;
export const reportsPipe = 4;
export const recallsPipe = 5;
export const returnsPipe = 6;

/** The file of its answers. */
export const answerFile = 7;
