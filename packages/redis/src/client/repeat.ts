/** When a task is sent again and again. */
export type Repeat =
  /** So many milliseconds after the last time. */
  | { readonly every: number }
  /** Five or six fields of cron, in a time zone such as `"Europe/Berlin"`; default: that of the worker. */
  | { readonly cron: string; readonly timeZone?: string | undefined };
