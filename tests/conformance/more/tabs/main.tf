output "a" {
	value =	1 + "a"
}
