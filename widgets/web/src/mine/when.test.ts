import { describe, expect, it } from 'vitest';
import { whenOf } from './when';

describe('when work is due', () => {
  it('is told by the day, and the week ends on Sunday', () => {
    const wednesday = '2026-11-25';
    expect(whenOf('', wednesday)).toBe('undated');
    expect(whenOf('2026-11-24', wednesday)).toBe('overdue');
    expect(whenOf('2026-11-25', wednesday)).toBe('today');
    expect(whenOf('2026-11-26', wednesday)).toBe('week');
    expect(whenOf('2026-11-29', wednesday)).toBe('week');
    expect(whenOf('2026-11-30', wednesday)).toBe('later');
  });

  it('has no rest of the week on a Sunday', () => {
    expect(whenOf('2026-11-30', '2026-11-29')).toBe('later');
    expect(whenOf('2027-01-03', '2026-12-31')).toBe('week');
  });
});
