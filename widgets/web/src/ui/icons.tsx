import type { ReactNode } from 'react';

/** All icons are decoration: what they mean is said in text or in a label beside them. */
function icon(children: ReactNode): () => ReactNode {
  return function Icon() {
    return (
      <svg
        aria-hidden="true"
        width="16"
        height="16"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        {children}
      </svg>
    );
  };
}

export const PlusIcon = icon(<path d="M8 3v10M3 8h10" />);
export const CloseIcon = icon(<path d="m4 4 8 8M12 4l-8 8" />);
export const FileIcon = icon(<path d="M9 2.5H4.5v11h7V5zM9 2.5V5h2.5" />);
export const PictureIcon = icon(
  <>
    <rect x="2.5" y="3" width="11" height="10" rx="1.5" />
    <path d="m3 11.5 3.4-3.4 2.4 2.4 1.6-1.6 2.8 2.6" />
    <circle cx="10.3" cy="6" r="0.9" />
  </>,
);
export const MoreIcon = icon(
  <g fill="currentColor" stroke="none">
    <circle cx="3.2" cy="8" r="1.4" />
    <circle cx="8" cy="8" r="1.4" />
    <circle cx="12.8" cy="8" r="1.4" />
  </g>,
);
export const UndoIcon = icon(<path d="M6 3 2.8 6.2 6 9.4M3 6.2h6.2a3.6 3.6 0 0 1 0 7.2H6" />);
export const SignOutIcon = icon(
  <path d="M6.5 2.8H3v10.4h3.5M6.5 8H13.2M10.4 5.2 13.2 8l-2.8 2.8" />,
);
export const CheckIcon = icon(<path d="m3 8.5 3.2 3.2L13 4.8" />);
export const ClockIcon = icon(
  <>
    <circle cx="8" cy="8" r="5.8" />
    <path d="M8 4.8V8l2.2 1.6" />
  </>,
);
export const AlertIcon = icon(<path d="M8 2.2 14.2 13H1.8L8 2.2ZM8 6.4v3.2M8 11.3v.1" />);
export const CommentIcon = icon(<path d="M2.5 3h11v7.6H7.2L4.3 13v-2.4H2.5V3Z" />);
export const TextIcon = icon(<path d="M3 4h10M3 8h10M3 12h6" />);
export const FilterIcon = icon(
  <>
    <circle cx="7" cy="7" r="4.4" />
    <path d="m10.4 10.4 3.2 3.2" />
  </>,
);
export const EyeIcon = icon(
  <>
    <path d="M1.5 8S4 3.6 8 3.6 14.5 8 14.5 8 12 12.4 8 12.4 1.5 8 1.5 8Z" />
    <circle cx="8" cy="8" r="1.9" />
  </>,
);
export const CalendarIcon = icon(
  <path d="M2.8 3.8h10.4v9.4H2.8V3.8ZM2.8 6.8h10.4M5.4 2.2v2.4M10.6 2.2v2.4" />,
);
export const ChevronIcon = icon(<path d="m4 6 4 4 4-4" />);
export const BackIcon = icon(<path d="M10 3.5 5.5 8l4.5 4.5" />);
export const ForwardIcon = icon(<path d="M6 3.5 10.5 8 6 12.5" />);
export const LinkIcon = icon(<path d="M9 3h4v4M13 3 7.5 8.5M11 9.5V13H3V5h3.5" />);
export const BoardIcon = icon(<path d="M2.5 3h3.2v10H2.5V3ZM7 3h3.2v6.5H7V3ZM11.5 3h2v8h-2V3Z" />);
export const TableIcon = icon(<path d="M2.5 3h11v10h-11V3ZM2.5 6.3h11M2.5 9.6h11M6.2 6.3V13" />);
export const FunnelIcon = icon(<path d="M2.2 3h11.6L9.6 8.3v4.2l-3.2 1V8.3L2.2 3Z" />);
export const SortIcon = icon(<path d="M8 13V3.5M4.5 7 8 3.5 11.5 7" />);
export const PenIcon = icon(<path d="m10.5 3 2.5 2.5-7.2 7.2-3 .5.5-3L10.5 3Z" />);
export const ColumnsIcon = icon(<path d="M2.5 3h11v10h-11V3ZM6.2 3v10M9.9 3v10" />);
export const LinksIcon = icon(
  <path d="M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.8.8M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.8-.8" />,
);
export const ChecklistIcon = icon(
  <path d="m2.5 4.2 1.3 1.3 2-2.4M2.5 10.7 3.8 12l2-2.4M8.5 4.5h5M8.5 11h5" />,
);
export const BlockedIcon = icon(
  <>
    <circle cx="8" cy="8" r="5.8" />
    <path d="m4 4 8 8" />
  </>,
);
export const PartIcon = icon(<path d="M3.5 2.5v6a2 2 0 0 0 2 2h6.8M9.8 8l2.7 2.5L9.8 13" />);
export const PartsIcon = icon(
  <path d="M2.5 3h5v3h-5V3ZM5 6v6h3M5 8.5h3M8.5 7h5v3h-5V7ZM8.5 11h5v2.5h-5V11Z" />,
);
export const UrgentIcon = icon(<path d="m3.5 8 4.5-4.5L12.5 8M3.5 12.5 8 8l4.5 4.5" />);
export const HighIcon = icon(<path d="M3.5 10.2 8 5.8l4.5 4.4" />);
export const LowIcon = icon(<path d="M3.5 5.8 8 10.2l4.5-4.4" />);
export const ArchiveIcon = icon(<path d="M2 3h12v3H2V3ZM3 6v7h10V6M6.5 8.8h3" />);
export const TimelineIcon = icon(<path d="M2.5 4h6M5 8h8M7.5 12h5" />);
export const BookmarkIcon = icon(<path d="M4 2.5h8v11l-4-3-4 3v-11Z" />);
export const KeyboardIcon = icon(
  <path d="M1.8 4h12.4v8H1.8V4ZM4.4 6.6v.1M7 6.6v.1M9.6 6.6v.1M12 6.6v.1M5 9.6h6" />,
);
export const TransferIcon = icon(
  <path d="M5.5 13V3M2.8 5.7 5.5 3l2.7 2.7M10.5 3v10M7.8 10.3l2.7 2.7 2.7-2.7" />,
);
