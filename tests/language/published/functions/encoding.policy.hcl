resource_policy "aws_ssm_parameter" "encodings" {
  enforce {
    condition = core::alltrue([
      core::base64decode(core::base64encode("é")) == "é",
      core::yamldecode("a: 1").a == 1,
      core::csvdecode("a,b\n1,2")[0].b == "2",
      core::urlencode("a b") == "a+b",
      core::sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      core::md5("") == "d41d8cd98f00b204e9800998ecf8427e",
      core::issensitive(core::sensitive("x")) && !core::issensitive(core::nonsensitive(core::sensitive("x"))),
    ])
  }
}
