import type { Group } from "../group.ts";
import { policySubjects } from "./subjects/policy-subjects.ts";
import { targets } from "./targets.ts";
import { worksOfPolicies } from "./works-of-policies.ts";

/** Policies around a function that does nearly nothing: what they cost themselves. */
export const policiesGroup: Group = {
  name: "policies",
  subjects: policySubjects,
  works: worksOfPolicies,
  targets,
};
