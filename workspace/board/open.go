package board

import "werkraum/workspace"

// KindsOfPlaces are the kinds of item that say where cards stand: OpenColumns needs
// those of a room.
func KindsOfPlaces() []workspace.Kind { return []workspace.Kind{KindColumn, "board"} }

// OpenColumns gives, of the columns among items, the titles of those whose cards are
// still to be done: not those for finished cards, nor those of boards that are not seen,
// because they are templates or in the archive. It serves those who look at a room's
// cards without its board.
func OpenColumns(items []*workspace.Item) map[workspace.ItemID]string {
	seen := map[string]bool{"": true, "main": true} // which need not exist as an item
	for _, it := range items {
		if it.Kind == "board" {
			seen[string(it.ID)] = !it.Deleted() && !it.True(Archived) && !it.True("template")
		}
	}
	seen[""] = seen["main"]
	open := map[workspace.ItemID]string{}
	for _, it := range items {
		if it.Kind == KindColumn && !it.Deleted() && !it.True(Done) && seen[it.Text("board")] {
			open[it.ID] = it.Text(Title)
		}
	}
	return open
}

// TitleAmong is what a board among items is called.
func TitleAmong(items []*workspace.Item, on workspace.ItemID, lang workspace.Language) string {
	for _, it := range items {
		if it.Kind == KindBoard && it.ID == on && it.Text(Title) != "" {
			return it.Text(Title)
		}
	}
	return MainTitle.In(lang)
}
