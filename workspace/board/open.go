package board

import "werkraum/workspace"

// OpenColumns gives, of the columns among items, the titles of those whose cards are
// still to be done. It serves those who look at a room's cards without its board.
func OpenColumns(items []*workspace.Item) map[workspace.ItemID]string {
	open := map[workspace.ItemID]string{}
	for _, it := range items {
		if it.Kind == KindColumn && !it.Deleted() && !it.True(Done) {
			open[it.ID] = it.Text(Title)
		}
	}
	return open
}
