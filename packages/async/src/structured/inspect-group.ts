import type { AbortScope } from "./abort-scope.ts";
import type { ChildTask } from "./child-task.ts";
import type { Group } from "./group.ts";
import type { InspectedTask } from "./group-task.ts";
import type { TaskGroupState } from "./task-group.ts";

/** Tells of a group, its tasks and the groups within, what users can know of them. */
export function inspectGroup(group: Group): TaskGroupState {
  const { name, limit, deadline } = group.settings;
  return {
    kind: "task group",
    name,
    cancelled: group.cancelled,
    deadline,
    limit,
    tasks: [...group.live].map(inspectTask),
    groups: within(group),
  };
}

const inspectTask = (task: ChildTask): InspectedTask => ({
  name: task.name,
  state: task.state === "waiting" ? "waiting" : "running",
  cancelled: task.cancelled,
  since: new Date(task.since),
  groups: within(task),
});

const within = ({ groups }: AbortScope): TaskGroupState[] => [...groups].map(inspectGroup);

/** What a group waits for, by name; tasks of groups within as `inner > task`. */
export function liveNames(group: Group): string[] {
  const tasks = [...group.live].flatMap((task) =>
    task.groups.size > 0 ? [...task.groups].flatMap(namesWithin) : [task.name],
  );
  return [...tasks, ...[...group.groups].flatMap(namesWithin)];
}

function namesWithin(group: Group): string[] {
  const names = liveNames(group).map((name) => `${group.name} > ${name}`);
  return names.length > 0 ? names : [group.name]; // it calls what was deferred
}
