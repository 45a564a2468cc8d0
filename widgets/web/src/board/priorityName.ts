import type { Texts } from '../text/text';
import type { PriorityChoice } from './filter';

/** How a priority is called. */
export function priorityName(priority: PriorityChoice, t: Texts): string {
  return {
    urgent: t.priorityUrgent,
    high: t.priorityHigh,
    normal: t.priorityNormal,
    low: t.priorityLow,
  }[priority];
}
