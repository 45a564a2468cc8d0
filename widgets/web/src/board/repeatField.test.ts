import { expect, test } from 'vitest';
import { everyOf, ruleEvery } from './RepeatField';

test('rules that repeat every so often are read, others are left as they are', () => {
  expect(everyOf('FREQ=WEEKLY')).toEqual({ count: 1, unit: 'WEEKLY' });
  expect(everyOf('FREQ=MONTHLY;INTERVAL=4')).toEqual({ count: 4, unit: 'MONTHLY' });
  expect(everyOf('FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1')).toEqual({
    count: 1,
    unit: 'MONTHLY',
  });
  expect(everyOf('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1')).toEqual({
    count: 1,
    unit: 'YEARLY',
  });
  expect(everyOf('FREQ=WEEKLY;BYDAY=MO')).toBeNull();
  expect(everyOf('FREQ=DAILY;COUNT=3')).toBeNull();
  expect(everyOf('')).toBeNull();
  expect(ruleEvery(1, 'DAILY')).toBe('FREQ=DAILY');
  expect(ruleEvery(3, 'DAILY')).toBe('FREQ=DAILY;INTERVAL=3');
});
