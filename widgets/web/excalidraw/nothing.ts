/** Stands for a part of Excalidraw that the page does without. */
export default {};
