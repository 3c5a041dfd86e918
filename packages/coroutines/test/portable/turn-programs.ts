import { channel, coroutines, go, wait } from "@quintet/coroutines";
import type { Program } from "./program.ts";

/** Milliseconds within which `enough` timers must fire: the longest slice is 10, but a machine may be busy. */
const longest = 3_000;
const enough = 20;

/** Whether timers fire beside work that goes on until they did. */
async function timersBeside(work: (goesOn: () => boolean) => Promise<unknown>): Promise<boolean> {
  const end = performance.now() + longest;
  let fired = 0;
  const goesOn = (): boolean => fired < enough && performance.now() < end;
  const tick = (): void => {
    fired++;
    if (goesOn()) setTimeout(tick, 5);
  };
  setTimeout(tick, 5);
  await work(goesOn);
  return fired >= enough;
}

export const turnPrograms: Record<string, Program> = {
  timersBesideGenerators: () =>
    timersBeside(async (goesOn) => {
      const executor = coroutines();
      const compute = function* (): Generator<void, void> {
        while (goesOn()) yield;
      };
      await Promise.all(Array.from({ length: 50 }, () => executor.run(compute)));
      await executor.close();
    }),
  timersBesideChannels: () =>
    timersBeside(async (goesOn) => {
      const ball = channel<number>();
      const play = async (): Promise<void> => {
        while (goesOn()) await ball.send(1);
        ball.close();
      };
      const receive = async (): Promise<void> => {
        while (!(await ball.receive()).done);
      };
      await Promise.all([play(), receive()]);
    }),
  timersBesideWaits: () =>
    timersBeside((goesOn) =>
      go(function* () {
        while (goesOn()) yield* wait(Promise.resolve());
      }),
    ),
};
