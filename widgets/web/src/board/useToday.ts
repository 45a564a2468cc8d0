import { useEffect, useState } from 'react';
import { today } from '../text/dates';

/** Today as YYYY-MM-DD; changes at midnight, where the person is. */
export function useToday(): string {
  const [day, setDay] = useState(today);
  useEffect(() => {
    const timer = setInterval(() => {
      setDay(today());
    }, 60_000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return day;
}
