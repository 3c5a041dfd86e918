import type { Group } from "../group.ts";
import { goSubject } from "./go/go-entry.ts";
import { channelSubjects } from "./subjects/channel-subjects.ts";
import { targets } from "./targets.ts";
import { worksOfChannels } from "./works-of-channels.ts";

/** Channels between coroutines of one thread. */
export const channelsGroup: Group = {
  name: "channels",
  subjects: [...channelSubjects, goSubject],
  works: worksOfChannels,
  targets,
};
