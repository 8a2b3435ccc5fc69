"""What every platform must equal: the rule, and the circuit step by step."""
