export const LESSON_KINDS = ["pattern", "anti-pattern", "quality-bar"] as const;

/** What was learned from a task, for those that come after it. */
export interface Lesson {
  /** `2026-11-21` */
  readonly date: string;
  readonly kind: (typeof LESSON_KINDS)[number];
  readonly taskId: string;
  /** What it was learned on; none: it is for everything. */
  readonly scope: readonly string[];
  /** One line. */
  readonly text: string;
}
