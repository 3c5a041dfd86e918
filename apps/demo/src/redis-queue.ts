/** The queue between the demo and its workers. */
export const demoQueue = "demo";
