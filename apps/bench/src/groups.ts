import { asyncGroup } from "./async/group.ts";
import { policiesGroup } from "./async-policies/group.ts";
import { channelsGroup } from "./channels/group.ts";
import { coroutinesGroup } from "./coroutines/group.ts";
import type { Group } from "./group.ts";
import { namesGroup } from "./names/group.ts";
import { processesGroup } from "./processes/group.ts";
import { redisGroup } from "./redis/group.ts";
import { threadsGroup } from "./threads/group.ts";

/** Every group, in the order in which they run. */
export const groups: readonly Group[] = [
  threadsGroup,
  processesGroup,
  asyncGroup,
  policiesGroup,
  coroutinesGroup,
  channelsGroup,
  namesGroup,
  redisGroup,
];
