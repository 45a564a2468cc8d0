// Package dates reads days as people write them in German and English, and
// writes them in words.
package dates
